import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contributionsOf, marginOf, type ExplainableTree, type TreeEnsemble } from './tree-contributions';

const columns = 4;

interface Grown {
  readonly feature?: number;
  readonly threshold: number;
  readonly missingGoesLeft: boolean;
  readonly weight: number;
  readonly left?: Grown;
  readonly right?: Grown;
}

const leaf = fc.record({ threshold: fc.integer({ min: -50, max: 50 }).map((value) => value / 10), missingGoesLeft: fc.constant(false), weight: fc.integer({ min: 1, max: 20 }) });
const grown: fc.Arbitrary<Grown> = fc.letrec<{ tree: Grown }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, depthSize: 'large' }, leaf, fc.record({
    feature: fc.nat({ max: columns - 1 }), threshold: fc.integer({ min: -3, max: 3 }), missingGoesLeft: fc.boolean(), weight: fc.constant(0), left: tie('tree'), right: tie('tree'),
  })),
})).tree;

function flatten(root: Grown, withCover: boolean): ExplainableTree {
  const tree = { left: [] as number[], right: [] as number[], feature: [] as number[], threshold: [] as number[], missingGoesLeft: [] as boolean[], cover: [] as number[] };
  const add = ({ feature = 0, threshold, missingGoesLeft, weight, left, right }: Grown): number => {
    const node = tree.left.push(-1) - 1;
    tree.right.push(-1);
    tree.feature.push(feature);
    tree.threshold.push(threshold);
    tree.missingGoesLeft.push(missingGoesLeft);
    tree.cover.push(weight);
    if (!left || !right) return node;
    const [a, b] = [add(left), add(right)];
    tree.left[node] = a;
    tree.right[node] = b;
    tree.cover[node] = tree.cover[a]! + tree.cover[b]!;
    return node;
  };
  add(root);
  const { cover: _, ...rest } = tree;
  return withCover ? tree : rest;
}

/** What the tree says of a row of which only some features are known: the mean over both branches where one is not. */
function knowing(tree: ExplainableTree, row: readonly number[], known: number, node = 0): number {
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  if (left < 0) return tree.threshold[node]!;
  const feature = tree.feature[node]!;
  if (known & (1 << feature)) {
    const goesLeft = Number.isNaN(row[feature]!) ? tree.missingGoesLeft[node]! : row[feature]! < tree.threshold[node]!;
    return knowing(tree, row, known, goesLeft ? left : right);
  }
  const share = tree.cover ? tree.cover[left]! / tree.cover[node]! : 0.5;
  return share * knowing(tree, row, known, left) + (1 - share) * knowing(tree, row, known, right);
}

/** Shapley's definition, over all orders by their subsets. */
function shapley(value: (known: number) => number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: columns }, (_, feature) => {
    let sum = 0;
    for (let known = 0; known < 1 << columns; known++) {
      if (known & (1 << feature)) continue;
      const size = known.toString(2).replaceAll('0', '').length;
      sum += ((factorial(size) * factorial(columns - size - 1)) / factorial(columns)) * (value(known | (1 << feature)) - value(known));
    }
    return sum;
  });
}

const someRow = fc.array(fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(NaN)), { minLength: columns, maxLength: columns });

describe('contributionsOf', () => {
  it.each([true, false])('is Shapley’s definition, feature by feature (covers known: %s)', (withCover) => {
    fc.assert(
      fc.property(fc.array(grown, { minLength: 1, maxLength: 3 }), someRow, (roots, row) => {
        const trees = roots.map((root) => flatten(root, withCover));
        const { bias, byFeature } = contributionsOf({ columns, baseMargin: 0.3, trees }, row);
        const value = (known: number): number => trees.reduce((sum, tree) => sum + knowing(tree, row, known), 0);
        expect(bias).toBeCloseTo(0.3 + value(0), 9);
        shapley(value).forEach((expected, feature) => expect(byFeature[feature]).toBeCloseTo(expected, 9));
      }),
      { numRuns: 300 },
    );
  });

  it('adds up, with the bias, to the margin of the row', () => {
    fc.assert(
      fc.property(fc.array(grown, { minLength: 1, maxLength: 8 }), someRow, (roots, row) => {
        const ensemble: TreeEnsemble = { columns, baseMargin: -1.2, trees: roots.map((root) => flatten(root, true)) };
        const { bias, byFeature } = contributionsOf(ensemble, row);
        expect(bias + byFeature.reduce((sum, one) => sum + one, 0)).toBeCloseTo(marginOf(ensemble, row), 9);
      }),
    );
  });
});

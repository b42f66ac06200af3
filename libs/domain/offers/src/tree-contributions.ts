/** A tree as parallel lists over its nodes; node 0 is the root, a node without a left child is a leaf. */
export interface ExplainableTree {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly feature: readonly number[];
  /** Left where value < threshold; of a leaf its value. */
  readonly threshold: readonly number[];
  readonly missingGoesLeft: readonly boolean[];
  /** Weight of the training rows that came here; undefined where the model does not say. */
  readonly cover?: readonly number[];
}

export interface TreeEnsemble {
  readonly columns: number;
  readonly baseMargin: number;
  readonly trees: readonly ExplainableTree[];
}

export interface Contributions {
  /** The margin of a client of whom nothing is known, on the training data's mean. */
  readonly bias: number;
  /** For each column; with the bias they add up to the row's margin. */
  readonly byFeature: Float64Array;
}

/** One feature on the way from the root: the share of rows that go on without and with it, and the weight of subsets of its size. */
interface Step {
  feature: number;
  without: number;
  with: number;
  weight: number;
}

/**
 * Exact Shapley values of each feature for one row, under the trees' own distribution (path-dependent TreeSHAP: Lundberg, Erion, Lee 2018,
 * algorithm 2). Without covers each branch counts half. The row is read as the model reads it, in single precision; NaN is missing.
 */
export function contributionsOf({ trees, columns, baseMargin }: TreeEnsemble, row: readonly number[]): Contributions {
  const byFeature = new Float64Array(columns);
  const values = Float32Array.from(row);
  let bias = baseMargin;
  for (const tree of trees) {
    const cover = tree.cover ?? halves(tree);
    bias += expectedValue(tree, cover, 0);
    descend({ tree, cover, values, byFeature }, 0, [], { without: 1, with: 1, feature: -1 });
  }
  return { bias, byFeature };
}

/** The sum of the leaves that the row falls into, and the base. */
export function marginOf({ trees, baseMargin }: TreeEnsemble, row: readonly number[]): number {
  const values = Float32Array.from(row);
  return trees.reduce((sum, tree) => {
    let node = 0;
    while (!isLeaf(tree, node)) node = nextOf(tree, node, values);
    return sum + tree.threshold[node]!;
  }, baseMargin);
}

interface Walk {
  readonly tree: ExplainableTree;
  readonly cover: readonly number[];
  readonly values: Float32Array;
  readonly byFeature: Float64Array;
}

function descend(walk: Walk, node: number, before: readonly Step[], last: Pick<Step, 'feature' | 'without' | 'with'>): void {
  const { tree, cover, values, byFeature } = walk;
  const path = extend(before, last);
  if (isLeaf(tree, node)) {
    for (let place = 1; place < path.length; place++) {
      const step = path[place]!;
      byFeature[step.feature]! += weightWithout(path, place) * (step.with - step.without) * tree.threshold[node]!;
    }
    return;
  }
  const feature = tree.feature[node]!;
  const hot = nextOf(tree, node, values);
  const cold = hot === tree.left[node] ? tree.right[node]! : tree.left[node]!;
  const earlier = path.findIndex((step, place) => place > 0 && step.feature === feature);
  const known = earlier < 0 ? { without: 1, with: 1 } : path[earlier]!;
  const rest = earlier < 0 ? path : unwind(path, earlier);
  const share = (child: number): number => (cover[node]! > 0 ? cover[child]! / cover[node]! : 0.5);
  descend(walk, hot, rest, { feature, without: known.without * share(hot), with: known.with });
  descend(walk, cold, rest, { feature, without: known.without * share(cold), with: 0 });
}

function extend(before: readonly Step[], { feature, without, with: going }: Pick<Step, 'feature' | 'without' | 'with'>): Step[] {
  const path = before.map((step) => ({ ...step }));
  const length = path.length;
  path.push({ feature, without, with: going, weight: length === 0 ? 1 : 0 });
  for (let place = length - 1; place >= 0; place--) {
    path[place + 1]!.weight += (going * path[place]!.weight * (place + 1)) / (length + 1);
    path[place]!.weight = (without * path[place]!.weight * (length - place)) / (length + 1);
  }
  return path;
}

/** The path as if this step had never been taken. */
function unwind(path: readonly Step[], gone: number): Step[] {
  const weights = weightsWithout(path, gone);
  return path.filter((_, place) => place !== gone).map((step, place) => ({ ...step, weight: weights[place]! }));
}

function weightWithout(path: readonly Step[], gone: number): number {
  return weightsWithout(path, gone).reduce((sum, weight) => sum + weight, 0);
}

function weightsWithout(path: readonly Step[], gone: number): number[] {
  const last = path.length - 1;
  const { with: going, without } = path[gone]!;
  const weights = new Array<number>(last);
  let carried = path[last]!.weight;
  for (let place = last - 1; place >= 0; place--) {
    if (going !== 0) {
      weights[place] = (carried * (last + 1)) / ((place + 1) * going);
      carried = path[place]!.weight - (weights[place]! * without * (last - place)) / (last + 1);
    } else weights[place] = (path[place]!.weight * (last + 1)) / (without * (last - place));
  }
  return weights;
}

function isLeaf({ left }: ExplainableTree, node: number): boolean {
  return left[node]! < 0;
}

function nextOf(tree: ExplainableTree, node: number, values: Float32Array): number {
  const value = values[tree.feature[node]!]!;
  const goesLeft = Number.isNaN(value) ? tree.missingGoesLeft[node]! : value < tree.threshold[node]!;
  return goesLeft ? tree.left[node]! : tree.right[node]!;
}

function expectedValue(tree: ExplainableTree, cover: readonly number[], node: number): number {
  if (isLeaf(tree, node)) return tree.threshold[node]!;
  const children = [tree.left[node]!, tree.right[node]!];
  return children.reduce((sum, child) => sum + (cover[node]! > 0 ? cover[child]! / cover[node]! : 0.5) * expectedValue(tree, cover, child), 0);
}

function halves(tree: ExplainableTree): number[] {
  const cover = tree.left.map(() => 0);
  const fill = (node: number, share: number): void => {
    cover[node] = share;
    if (isLeaf(tree, node)) return;
    fill(tree.left[node]!, share / 2);
    fill(tree.right[node]!, share / 2);
  };
  fill(0, 1);
  return cover;
}

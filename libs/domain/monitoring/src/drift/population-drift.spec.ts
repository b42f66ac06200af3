import { expect, test } from 'vitest';
import { drawsOf } from '../anomalies/testing/synthetic-stream';
import { binEdges, countInBins, driftOf } from './population-drift';

const features = 91;
type Draws = ReturnType<typeof drawsOf>;
/** Shapes that features have: a bell, money, a count that is mostly 0, a flag, something often missing. */
const shapes: readonly ((draws: Draws) => number)[] = [
  (draws) => draws.normal(), (draws) => Math.exp(draws.normal()), (draws) => draws.poisson(0.3), (draws) => (draws.uniform() < 0.02 ? 1 : 0), (draws) => (draws.uniform() < 0.4 ? NaN : draws.uniform()),
];
const sample = (draws: Draws, rows: number, feature: number, shift = 0): number[] => Array.from({ length: rows }, () => shapes[feature % shapes.length]!(draws) + shift);

test.each([200, 1_000])('of windows of %d rows in which nothing has changed, at most 1 %% call anything drifted', (rows) => {
  const windows = 200;
  let wrong = 0;
  for (let window = 0; window < windows; window++) {
    const draws = drawsOf(1_000 * rows + window);
    const drifted = Array.from({ length: 20 }, (_, feature) => {
      const reference = sample(draws, 1_000, feature);
      const edges = binEdges(reference);
      return driftOf(countInBins(edges, reference), countInBins(edges, sample(draws, rows, feature)), { falseAlarms: 0.01, tests: 20, leastIndex: 0 }).drifted;
    });
    if (drifted.includes(true)) wrong++;
  }
  expect(wrong / windows).toBeLessThanOrEqual(0.01);
});

test('a shift of 0.3 standard deviations at 1,000 rows is found in 95 % of the windows, though 91 features are watched', () => {
  const found = Array.from({ length: 200 }, (_, window) => {
    const draws = drawsOf(7_000 + window);
    const reference = sample(draws, 1_000, 0);
    const edges = binEdges(reference);
    return driftOf(countInBins(edges, reference), countInBins(edges, sample(draws, 1_000, 0, 0.3)), { falseAlarms: 0.01, tests: features, leastIndex: 0.02 });
  });
  expect(found.filter(({ drifted }) => drifted).length / found.length).toBeGreaterThanOrEqual(0.95);
  expect(found.every(({ shiftZ }) => shiftZ > 0)).toBe(true);
});

test('what comes to be missing is drift, and a sample too small says nothing', () => {
  const draws = drawsOf(5);
  const reference = sample(draws, 1_000, 0);
  const edges = binEdges(reference);
  const broken = sample(draws, 400, 0).map((value, row) => (row % 3 === 0 ? NaN : value));
  expect(driftOf(countInBins(edges, reference), countInBins(edges, broken))).toMatchObject({ rows: 400, drifted: true });
  expect(driftOf(countInBins(edges, reference), countInBins(edges, broken.slice(0, 150)))).toMatchObject({ drifted: false });
});

test('a constant has no bins and no drift until it becomes something else', () => {
  const constant = new Array<number>(500).fill(0.2);
  const edges = binEdges(constant);
  expect(driftOf(countInBins(edges, constant), countInBins(edges, constant)).drifted).toBe(false);
  const spread = sample(drawsOf(9), 500, 0);
  const spreadEdges = binEdges(spread);
  expect(driftOf(countInBins(spreadEdges, spread), countInBins(spreadEdges, constant)).drifted).toBe(true);
});

import { expect, test } from 'vitest';
import { compareMetrics, compareSegments, type ArmMetric } from './compare-metrics';
import { liftSeries, type DailySums } from './lift-series';

const options = { control: 'holdout', alpha: 0.05, tightestAt: 20_000, observations: () => 20_000 };
const of = (arm: ArmMetric['arm'], mean: number, metric: ArmMetric['metric'] = 'spend'): ArmMetric => ({ metric, arm, sample: { known: true, n: 1000, mean, variance: 400 } });

test('every arm is compared with the holdout, the holdout with nothing', () => {
  const [holdout, model] = compareMetrics([of('holdout', 100), of('model', 103)], options);
  expect(holdout).toMatchObject({ mean: { known: true, value: 100 }, difference: { known: false } });
  expect(model).toMatchObject({ difference: { known: true, value: 3 }, relative: { known: true, value: expect.closeTo(0.03, 10) }, chanceAbove: expect.any(Number) });
  if (!model?.alwaysValid.known || !model.difference.known) throw new Error('no interval');
  expect(model.alwaysValid.high - model.alwaysValid.low).toBeGreaterThan(model.difference.high - model.difference.low);
});

test('the family is all metrics times arms: the same p counts for less among more', () => {
  const two = compareMetrics([of('holdout', 100), of('model', 103)], options)[1];
  const rows = compareMetrics([of('holdout', 100), of('model', 103), of('rules', 100), of('holdout', 5, 'frequency'), of('model', 5, 'frequency'), of('rules', 5, 'frequency')], options);
  expect(two?.adjustedP).toBeCloseTo(two?.p ?? 0, 15);
  expect(rows[1]?.adjustedP).toBeCloseTo(4 * (rows[1]?.p ?? 0), 12);
});

test('a metric that has no figure keeps its reason and is not counted', () => {
  const rows = compareMetrics([of('holdout', 100), { metric: 'spend', arm: 'model', sample: { known: false, reason: 'zero-denominator' } }], options);
  expect(rows[1]).toMatchObject({ mean: { known: false, reason: 'zero-denominator' } });
  expect(rows[1]).not.toHaveProperty('p');
});

test('segments are one family too', () => {
  const sample = { n: 500, mean: 100, variance: 400 };
  const rows = compareSegments([{ segment: 'a', arm: 'holdout', sample }, { segment: 'a', arm: 'model', sample: { ...sample, mean: 104 } }, { segment: 'b', arm: 'holdout', sample }, { segment: 'b', arm: 'model', sample }], options);
  expect(rows.map(({ segment }) => segment)).toEqual(['a', 'b']);
  expect(rows[0]?.adjustedP).toBeCloseTo(2 * (rows[0]?.p ?? 0), 12);
});

function daily(arm: DailySums['arm'], clients: number, mean: number): DailySums {
  const days = Array.from({ length: 10 }, (_, day) => day + 1);
  return { arm, n: days.map(() => clients), sum: days.map((day) => clients * mean * day), sumSquares: days.map((day) => clients * ((mean * day) ** 2 + 100 * day)) };
}

test('a lasting difference crosses the bounds on a day, equal arms never do, and a handful of clients is not looked at', () => {
  const series = (clients: number, mean: number) => liftSeries([daily('holdout', clients, 10), daily('model', clients, mean)], [], { control: 'holdout', alpha: 0.05, tightestAt: 5000, horizonDays: 20 })[0];
  expect(series(500, 12)?.groupSequential).toMatchObject({ direction: 'higher', crossedOnDay: expect.any(Number) });
  expect(series(500, 10)?.groupSequential).toMatchObject({ direction: 'none', bound: expect.any(Number) });
  expect(series(20, 20)?.groupSequential).toEqual({ direction: 'none' });
  expect(series(500, 12)?.sinceStart).toHaveLength(10);
});

import { featureNames } from '@sp/features';
import { describe, expect, it } from 'vitest';
import { columnStatistics, correlation, rankingPower } from './column-statistics';
import { insightsOf } from './insights';

const numbers = (count: number, of: (row: number) => number): Float64Array => Float64Array.from({ length: count }, (_, row) => of(row));

describe('columnStatistics', () => {
  it('describes the known values alone', () => {
    const statistics = columnStatistics(Float64Array.of(3, NaN, 1, 2, 2));
    expect(statistics).toMatchObject({ known: 4, distinct: 3, minimum: 1, maximum: 3, mean: 2, deviation: expect.closeTo(Math.sqrt(2 / 3)) });
    expect(statistics.quantiles[3]).toBe(2);
    expect(statistics.histogram.reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it('puts outliers into the outer bins', () => {
    const { histogram } = columnStatistics(numbers(1000, (row) => (row === 0 ? -1e9 : row === 999 ? 1e9 : row)));
    expect(Math.max(...histogram)).toBeLessThan(60);
  });
});

describe('correlation and ranking power', () => {
  it('agree with values worked out by hand', () => {
    expect(correlation(Float64Array.of(1, 2, 3, NaN), Float64Array.of(2, 4, 6, 9))).toBeCloseTo(1);
    expect(correlation(Float64Array.of(1, 2, 3, 4), Float64Array.of(2, 1, 4, 3))).toBeCloseTo(0.6);
    expect(correlation(Float64Array.of(5, 5, 5), Float64Array.of(1, 2, 3))).toBeNaN();
    // Of four pairs the positive is above in three and even in none.
    expect(rankingPower(Float64Array.of(1, 2, 3, 4), Float64Array.of(0, 1, 0, 1))).toBe(0.75);
    expect(rankingPower(Float64Array.of(7, 7, 7), Float64Array.of(0, 1, 0))).toBe(0.5);
    expect(rankingPower(Float64Array.of(1, 2), Float64Array.of(1, 1))).toBeNaN();
  });
});

describe('insightsOf', () => {
  const rows = 400;
  const columns = [
    numbers(rows, (row) => row), numbers(rows, (row) => 2 * row + (row % 3)), numbers(rows, () => 7), numbers(rows, () => NaN),
    numbers(rows, (row) => (row % 40 === 0 ? row : NaN)), numbers(rows, (row) => (row === 5 ? 1 : 0)),
  ];
  const names = featureNames.slice(0, columns.length);
  const insights = insightsOf({ names, columns, rows, of: 'made-up rows', redeemed: numbers(rows, (row) => (row > 300 ? 1 : 0)) });

  it('flags what is redundant, constant, nearly so, never or rarely known', () => {
    expect(insights.features.map(({ flags }) => flags.map((flag) => flag.split(':')[0]))).toEqual([[], ['redundant'], ['constant'], ['never known'], expect.arrayContaining(['rarely known']), ['nearly constant']]);
    expect(insights.redundant[0]).toMatchObject({ one: names[0], other: names[1], r: expect.closeTo(1, 3) });
    expect(insights.features[0]).toMatchObject({ targetAuc: 1, missingShare: 0 });
    expect(insights.redeemedShare).toBeCloseTo(99 / 400);
  });

  it('names the feature that says most of the same', () => {
    expect(insights.features[0]!.closest).toMatchObject({ name: names[1], r: expect.closeTo(1, 3) });
    expect(insights.features[2]!.closest).toBeUndefined();
  });
});

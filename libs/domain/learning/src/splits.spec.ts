import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitByTime } from './split-by-time';
import { assignStratifiedFolds, rowsOfFold } from './stratified-folds';

describe('splitByTime', () => {
  it('puts the latest quarter into the test part, whatever the rows’ order', () => {
    const split = splitByTime({ timesMs: Float64Array.of(80, 10, 70, 20, 60, 30, 50, 40) }, 0.25);
    expect([...split.train]).toEqual([1, 3, 5, 7, 6, 4]);
    expect([...split.test]).toEqual([2, 0]);
    expect(split.testFromMs).toBe(70);
  });

  it('never lets a train row be as late as a test row, and loses none', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 }), (times) => {
        const { train, test, testFromMs } = splitByTime({ timesMs: Float64Array.from(times) }, 0.25);
        expect([...train, ...test].sort((a, b) => a - b)).toEqual(times.map((_, row) => row));
        expect([...train].every((row) => (times[row] ?? NaN) < testFromMs)).toBe(true);
        expect([...test].every((row) => (times[row] ?? NaN) >= testFromMs)).toBe(true);
      }),
    );
  });

  it('refuses a share that leaves a part empty', () => {
    expect(() => splitByTime({ timesMs: Float64Array.of(1, 2) }, 1)).toThrow(RangeError);
  });
});

describe('assignStratifiedFolds', () => {
  const labels = Float32Array.from({ length: 103 }, (_, row) => (row % 10 === 0 ? 1 : 0));

  it('spreads each class and all rows evenly over the folds', () => {
    const assigned = assignStratifiedFolds(labels, 5, 7);
    const sizes = [0, 1, 2, 3, 4].map((fold) => rowsOfFold(assigned, fold).inside);
    const positives = sizes.map((rows) => rows.filter((row) => labels[row] === 1).length);
    for (const counts of [sizes.map((rows) => rows.length), positives]) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('repeats itself for a seed and differs for another', () => {
    expect(assignStratifiedFolds(labels, 5, 7)).toEqual(assignStratifiedFolds(labels, 5, 7));
    expect(assignStratifiedFolds(labels, 5, 8)).not.toEqual(assignStratifiedFolds(labels, 5, 7));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToDay, totalOfDays, type DayBucket } from './day-buckets';

describe('day buckets', () => {
  it('total the days that end with the given one', () => {
    const buckets: DayBucket[] = [];
    for (const [day, sum] of [[10, 100], [12, 300], [11, 200], [12, 400]] as const) addToDay(buckets, day, 1, sum, 90);
    expect([1, 2, 7].map((days) => totalOfDays(buckets, 12, days))).toEqual([{ count: 2, sumMinor: 700 }, { count: 3, sumMinor: 900 }, { count: 4, sumMinor: 1000 }]);
    expect(totalOfDays(buckets, 13, 1)).toEqual({ count: 0, sumMinor: 0 });
    expect(totalOfDays(buckets, 11, 90)).toEqual({ count: 2, sumMinor: 300 });
  });

  it('take no day that has left the window', () => {
    const buckets: DayBucket[] = [];
    for (const day of [100, 93, 94]) addToDay(buckets, day, 1, 5, 7);
    expect(buckets.map(({ day }) => day)).toEqual([94, 100]);
  });

  it('equal a plain sum over all that was added, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 99 })), { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (added, days) => {
        const buckets: DayBucket[] = [];
        for (const [day, sum] of added) addToDay(buckets, day, 1, sum, 30);
        const inside = added.filter(([day]) => day > 20 - days);
        expect(totalOfDays(buckets, 20, days)).toEqual({ count: inside.length, sumMinor: inside.reduce((total, [, sum]) => total + sum, 0) });
        expect(buckets.map(({ day }) => day)).toEqual([...new Set(added.map(([day]) => day))].sort((a, b) => a - b));
      }),
    );
  });
});

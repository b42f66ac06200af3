import { expect, test } from 'vitest';
import { groupSequentialBounds, groupSequentialVerdict } from './group-sequential';

const fractions = [0.25, 0.5, 0.75, 1];

test('all of alpha is spent at the horizon, not more after it', () => {
  const looks = groupSequentialBounds({ informationFractions: [0.3, 0.8, 1.7], alpha: 0.05 });
  expect(looks.at(-1)).toMatchObject({ informationFraction: 1, alphaSpent: expect.closeTo(0.05, 12) });
});

test('a bound depends on the earlier looks alone', () => {
  const all = groupSequentialBounds({ informationFractions: fractions, alpha: 0.05 });
  const early = groupSequentialBounds({ informationFractions: fractions.slice(0, 2), alpha: 0.05 });
  early.forEach(({ bound }, look) => expect(bound).toBeCloseTo(all[look]?.bound ?? 0, 5));
});

test('one look is the plain test', () => {
  expect(groupSequentialBounds({ informationFractions: [1], alpha: 0.05 })[0]?.bound).toBeCloseTo(1.959964, 6);
});

test('what has crossed stays crossed, in the direction of the crossing', () => {
  expect(groupSequentialVerdict([0.4, -3.5, 0, 1], { informationFractions: fractions, alpha: 0.05 })).toMatchObject({ crossedAt: 1, direction: 'lower' });
  expect(groupSequentialVerdict([0.4, -1, 0, 1], { informationFractions: fractions, alpha: 0.05 })).toMatchObject({ direction: 'none' });
});

test('looks out of order are refused', () => {
  expect(() => groupSequentialBounds({ informationFractions: [0.5, 0.4], alpha: 0.05 })).toThrow(RangeError);
});

import { expect, test } from 'vitest';
import { proportionsDiffer } from './proportions-differ';

test('is Pearson’s chi-square of the table: 30 of 100 against 45 of 100', () => {
  // R: prop.test(c(30, 45), c(100, 100), correct = FALSE)$p.value
  expect(proportionsDiffer({ of: 100, hits: 30 }, { of: 100, hits: 45 })).toBeCloseTo(0.0285, 3);
  expect(proportionsDiffer({ of: 100, hits: 30 }, { of: 200, hits: 60 })).toBe(1);
});

test('says nothing of counts too small', () => {
  expect(proportionsDiffer({ of: 10, hits: 1 }, { of: 100, hits: 20 })).toBeUndefined();
  expect(proportionsDiffer({ of: 0, hits: 0 }, { of: 0, hits: 0 })).toBeUndefined();
});

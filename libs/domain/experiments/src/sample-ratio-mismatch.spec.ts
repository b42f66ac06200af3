import { expect, test } from 'vitest';
import { sampleRatioMismatch } from './sample-ratio-mismatch';

test("scipy's own example has scipy's statistic and p", () => {
  // scipy.stats.chisquare([16, 18, 16, 14, 12, 12]) in its documentation: (2.0, 0.84914503608460956)
  const check = sampleRatioMismatch([16, 18, 16, 14, 12, 12], [1, 1, 1, 1, 1, 1]);
  if (!check.known) throw new Error(check.reason);
  expect(check.chiSquare).toBeCloseTo(2, 12);
  expect(check.p).toBeCloseTo(0.8491450360846096, 12);
  expect(check.mismatch).toBe(false);
});

test("a split of 821,588 to 815,482, asked to be even, is broken (Kohavi, Tang and Xu 2020, chapter 21: p = 1.8e-6)", () => {
  const check = sampleRatioMismatch([821_588, 815_482], [50, 50]);
  expect(check.known && check.p).toBeCloseTo(1.8218e-6, 10);
  expect(check.known && check.mismatch).toBe(true);
});

test('unequal weights are the expectation', () => {
  expect(sampleRatioMismatch([100, 200, 300, 400], [0.1, 0.2, 0.3, 0.4])).toMatchObject({ chiSquare: 0, p: 1, mismatch: false });
});

test('the far tail is not rounded to zero', () => {
  // scipy.stats.chi2.sf(60, 3) = 5.8782e-13; 3 degrees of freedom: counts chosen so that the statistic is 60
  const check = sampleRatioMismatch([1000 + Math.sqrt(30_000), 1000 - Math.sqrt(30_000), 1000, 1000], [1, 1, 1, 1]);
  expect(check.known && check.chiSquare).toBeCloseTo(60, 9);
  expect(check.known && check.p / 5.878230727906921e-13).toBeCloseTo(1, 9);
});

test('no clients yet is no mismatch', () => {
  expect(sampleRatioMismatch([0, 0], [1, 1])).toEqual({ known: false, reason: 'too-few-observations' });
});

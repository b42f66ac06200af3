import { expect, test } from 'vitest';
import { relativeLift } from './relative-lift';

const control = { n: 100, mean: 100, variance: 400 };
const treated = { n: 100, mean: 110, variance: 400 };

test('the delta method by hand: 4/100^2 + 1.21 * 4/100^2 = 0.000884', () => {
  const lift = relativeLift(control, treated, 1);
  if (!lift.known) throw new Error(lift.reason);
  expect(lift.lift).toBeCloseTo(0.1, 12);
  expect(lift.high - lift.lift).toBeCloseTo(Math.sqrt(0.000884), 12);
  expect(lift.lift - lift.low).toBeCloseTo(Math.sqrt(0.000884), 12);
});

test('the default is one 95 % look', () => {
  const once = relativeLift(control, treated);
  expect(once.known && once.high - once.lift).toBeCloseTo(1.959964 * Math.sqrt(0.000884), 7);
});

test('a baseline that may be zero makes no ratio', () => {
  expect(relativeLift({ n: 100, mean: 5, variance: 400 }, treated)).toEqual({ known: false, reason: 'baseline-near-zero' });
  expect(relativeLift({ n: 100, mean: 0, variance: 0 }, treated)).toEqual({ known: false, reason: 'baseline-near-zero' });
});

test('an empty arm gives its reason', () => {
  expect(relativeLift({ n: 0, mean: Number.NaN, variance: Number.NaN }, treated)).toEqual({ known: false, reason: 'too-few-observations' });
});

import { expect, test } from 'vitest';
import { wilsonInterval } from './wilson-interval';

// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i has the interval that Newcombe published', (successes, n, low, high) => {
  const interval = wilsonInterval(successes, n, 0.95);
  if (!interval.known) throw new Error(interval.reason);
  expect(interval.rate).toBe(successes / n);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('nobody asked gives no figure, with its reason', () => {
  expect(wilsonInterval(0, 0, 0.95)).toEqual({ known: false, reason: 'too-few-observations' });
});

test('more successes than trials is a contradiction, not an interval', () => {
  expect(wilsonInterval(3, 2, 0.95)).toEqual({ known: false, reason: 'inconsistent-counts' });
});

test('the interval never leaves 0..1', () => {
  expect(wilsonInterval(5, 5, 0.95)).toMatchObject({ high: 1 });
  expect(wilsonInterval(0, 5, 0.95)).toMatchObject({ low: 0 });
});

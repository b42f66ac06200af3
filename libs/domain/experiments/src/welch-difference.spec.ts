import { expect, test } from 'vitest';
import type { Sample } from './estimate';
import { welchDifference } from './welch-difference';

// R: t.test(extra ~ group, data = sleep), as printed in R's own documentation (Student's sleep data):
// t = -1.8608, df = 17.776, p-value = 0.07939, 95 percent confidence interval -3.3654832 0.2054832.
const first: Sample = { n: 10, mean: 0.75, variance: 3.200556 };
const second: Sample = { n: 10, mean: 2.33, variance: 4.009 };

test("Student's sleep data gives what R prints", () => {
  const result = welchDifference(first, second);
  if (!result.known) throw new Error(result.reason);
  expect(result.difference).toBeCloseTo(1.58, 10);
  expect(result.low).toBeCloseTo(-0.2054832, 5);
  expect(result.high).toBeCloseTo(3.3654832, 5);
  expect(result.degreesOfFreedom).toBeCloseTo(17.776, 3);
  expect(result.p).toBeCloseTo(0.07939, 5);
});

test('the far tail keeps its digits', () => {
  const result = welchDifference({ n: 1000, mean: 0, variance: 1 }, { n: 1000, mean: 1, variance: 1 });
  expect(result.known && result.p).toBeGreaterThan(0);
  expect(result.known && result.p).toBeLessThan(1e-90);
});

test.each<[string, Sample, Sample, string]>([
  ['an empty arm', { n: 0, mean: 0, variance: 0 }, second, 'too-few-observations'],
  ['one client', { n: 1, mean: 3, variance: 0 }, second, 'too-few-observations'],
  ['the same value everywhere', { n: 5, mean: 0, variance: 0 }, { n: 5, mean: 0, variance: 0 }, 'no-variance'],
  ['a variance that is no number', { n: 5, mean: 0, variance: Number.NaN }, second, 'inconsistent-counts'],
])('%s gives a reason instead of a number', (_, control, treated, reason) => {
  expect(welchDifference(control, treated)).toEqual({ known: false, reason });
});

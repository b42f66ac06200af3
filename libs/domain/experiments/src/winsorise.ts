import type { Sample } from './estimate';

/**
 * One cap for all arms, the quantile of all their clients together (linear interpolation: Hyndman and Fan 1996, type 7, as NumPy and
 * R have it): a cap an arm would cut the arm with more large spenders less.
 */
export function pooledCap(arms: readonly (readonly number[])[], quantile: number): number | undefined {
  const sorted = Float64Array.from(arms.flat()).sort();
  if (sorted.length === 0) return undefined;
  const place = (sorted.length - 1) * quantile;
  const below = sorted[Math.floor(place)]!;
  return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - below);
}

/** Values above the cap count as the cap; nobody is removed. */
export function winsorised(values: readonly number[], cap: number): number[] {
  return values.map((value) => Math.min(value, cap));
}

/** Two passes: no digits are lost where the mean is large beside the spread. */
export function sampleOfValues(values: readonly number[]): Sample {
  const n = values.length;
  if (n === 0) return { n, mean: 0, variance: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, variance: n > 1 ? squares / (n - 1) : 0 };
}

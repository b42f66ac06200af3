/** A number with its 95 % interval (normal approximation; the clients are the independent units). */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const z = 1.96;

/** Undefined for fewer than two. */
export function meanOf(values: readonly number[]): Estimate | undefined {
  return values.length < 2 ? undefined : around(sum(values) / values.length, Math.sqrt(varianceOf(values) / values.length));
}

/** Sum over sum, its spread by linearisation; undefined where the denominator is nothing. */
export function ratioOf(numerators: readonly number[], denominators: readonly number[]): Estimate | undefined {
  const [n, denominator] = [numerators.length, sum(denominators)];
  if (n < 2 || denominator <= 0) return undefined;
  const ratio = sum(numerators) / denominator;
  const residuals = numerators.map((numerator, place) => numerator - ratio * (denominators[place] ?? 0));
  return around(ratio, Math.sqrt(varianceOf(residuals) / n) / (denominator / n));
}

/** The same from sums of pairs; the pairs are the independent units. */
export function ratioOfSums({ offers: n, made, best, madeMade, bestBest, madeBest }: { readonly offers: number; readonly made: number; readonly best: number; readonly madeMade: number; readonly bestBest: number; readonly madeBest: number }): Estimate | undefined {
  if (n < 2 || best <= 0) return undefined;
  const ratio = made / best;
  const variance = Math.max(0, madeMade - 2 * ratio * madeBest + ratio ** 2 * bestBest) / (n - 1);
  return around(ratio, Math.sqrt(variance / n) / (best / n));
}

/** By how much the mean of one group exceeds that of another, as a share of the other's (delta method). */
export function liftOf(values: readonly number[], against: readonly number[]): Estimate | undefined {
  if (values.length < 2 || against.length < 2) return undefined;
  const [mean, base] = [sum(values) / values.length, sum(against) / against.length];
  if (base <= 0) return undefined;
  const variance = varianceOf(values) / values.length / base ** 2 + (varianceOf(against) / against.length) * (mean / base ** 2) ** 2;
  return around(mean / base - 1, Math.sqrt(variance));
}

function around(value: number, error: number): Estimate {
  return { value, low: value - z * error, high: value + z * error };
}

function varianceOf(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return values.reduce((squares, value) => squares + (value - mean) ** 2, 0) / (values.length - 1);
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

import type { Sample } from './estimate';

/** What is counted of one metric in one arm, one observation a client. */
export interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Two numbers of every client: `y` is the metric (or the numerator), `x` the covariate (or the denominator). */
export interface PairSums {
  readonly n: number;
  readonly sumY: number;
  readonly sumX: number;
  readonly sumYY: number;
  readonly sumXX: number;
  readonly sumXY: number;
}

/** Mean and unbiased variance (n - 1); zero for fewer than two clients, where no variance is defined. */
export function sampleOf({ n, sum, sumSquares }: Sums): Sample {
  if (!(n >= 1)) return { n, mean: 0, variance: 0 };
  return { n, mean: sum / n, variance: centred(n, sumSquares, (sum * sum) / n, sumSquares) };
}

export function metricOf({ n, sumY, sumYY }: PairSums): Sample {
  return sampleOf({ n, sum: sumY, sumSquares: sumYY });
}

export function covariateOf({ n, sumX, sumXX }: PairSums): Sample {
  return sampleOf({ n, sum: sumX, sumSquares: sumXX });
}

/** Unbiased (n - 1). */
export function covarianceOf({ n, sumY, sumX, sumXY, sumYY, sumXX }: PairSums): number {
  return n < 2 ? 0 : centred(n, sumXY, (sumX * sumY) / n, Math.sqrt(sumYY * sumXX));
}

export function addPairs(a: PairSums, b: PairSums): PairSums {
  return { n: a.n + b.n, sumY: a.sumY + b.sumY, sumX: a.sumX + b.sumX, sumYY: a.sumYY + b.sumYY, sumXX: a.sumXX + b.sumXX, sumXY: a.sumXY + b.sumXY };
}

/** What is left after the mean is taken out; a rest within the rounding of the sums is no variance. */
function centred(n: number, squares: number, expected: number, magnitude: number): number {
  if (n < 2) return 0;
  const rest = squares - expected;
  return Math.abs(rest) <= 8 * Number.EPSILON * Math.abs(magnitude) ? 0 : rest / (n - 1);
}

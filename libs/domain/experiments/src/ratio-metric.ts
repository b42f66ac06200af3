import { unknown, type Estimate, type Sample } from './estimate';
import { covarianceOf, covariateOf, metricOf, type PairSums } from './sums';

/**
 * A ratio of two sums over clients (spend a purchase, redemptions an offer) as if it were a mean: its value is sum(y) / sum(x), its
 * variance that of the linearised (y - r x) / mean(x), which holds the covariance (delta method: Deng, Knoblich, Lu 2018). What
 * compares means may then compare ratios, and the client stays the unit.
 */
export function ratioSample(sums: PairSums): Estimate<Sample> {
  if (!(sums.n >= 2)) return unknown('too-few-observations');
  const [y, x] = [metricOf(sums), covariateOf(sums)];
  if (![y.variance, x.variance, sums.sumXY].every(Number.isFinite) || y.variance < 0 || x.variance < 0) return unknown('inconsistent-counts');
  if (x.mean === 0) return unknown('zero-denominator');
  const ratio = y.mean / x.mean;
  const residual = y.variance - 2 * ratio * covarianceOf(sums) + ratio ** 2 * x.variance;
  const scale = y.variance + ratio ** 2 * x.variance;
  const variance = Math.abs(residual) <= 1e-12 * scale ? 0 : residual / x.mean ** 2;
  return variance < 0 ? unknown('inconsistent-counts') : { known: true, n: sums.n, mean: ratio, variance };
}

import { unknown, type Estimate, type Sample } from './estimate';
import { addPairs, covarianceOf, covariateOf, metricOf, type PairSums } from './sums';

export interface Adjusted {
  readonly theta: number;
  readonly control: Sample;
  readonly treated: Sample;
  /** Of the metric's variance, both arms together: 0.4 means that 40 % is gone. */
  readonly varianceReduction: number;
}

/**
 * CUPED (Deng, Xu, Kohavi, Walker 2013): each client's metric less theta times what his pre-period says, theta = cov(y, x) / var(x) over
 * all arms at once, so that it cannot favour one. `y` is the metric, `x` the same client's pre-period. Without any variance in the
 * pre-period theta is 0 and nothing changes.
 */
export function cuped(control: PairSums, treated: PairSums): Estimate<Adjusted> {
  return cupedArms([control, treated], ([first, second], theta, varianceReduction) => ({ theta, control: first!, treated: second!, varianceReduction }));
}

/** The same over any number of arms. */
export function cupedArms<T>(arms: readonly PairSums[], use: (samples: readonly Sample[], theta: number, varianceReduction: number) => T): Estimate<T> {
  if (arms.some(({ n }) => !(n >= 2))) return unknown('too-few-observations');
  const pooled = arms.reduce(addPairs);
  const [y, x] = [metricOf(pooled), covariateOf(pooled)];
  if (!(y.variance >= 0) || !(x.variance >= 0)) return unknown('inconsistent-counts');
  const theta = x.variance === 0 ? 0 : covarianceOf(pooled) / x.variance;
  const samples = arms.map((arm) => adjusted(arm, theta, x.mean));
  const varianceReduction = y.variance === 0 ? 0 : (theta ** 2 * x.variance) / y.variance;
  return { known: true, ...use(samples, theta, varianceReduction) };
}

function adjusted(arm: PairSums, theta: number, centre: number): Sample {
  const [y, x] = [metricOf(arm), covariateOf(arm)];
  const variance = y.variance - 2 * theta * covarianceOf(arm) + theta ** 2 * x.variance;
  return { n: arm.n, mean: y.mean - theta * (x.mean - centre), variance: variance <= 1e-12 * y.variance ? 0 : variance };
}

import { cuped } from '../cuped';
import type { Sample } from '../estimate';
import type { PairSums } from '../sums';
import { pooledCap, sampleOfValues, winsorised } from '../winsorise';
import type { ClientSpend } from './spend-world';

/** Of all clients' spend; the largest hundredth counts as the cap. */
export const capQuantile = 0.99;

/** Spend winsorised at one cap for both arms (the pre-period at one of its own), then adjusted by the pre-period. */
export function adjustedSpend(control: readonly ClientSpend[], treated: readonly ClientSpend[]): readonly [Sample, Sample] {
  const arms = [control, treated];
  const during = capped(arms.map((arm) => arm.map((client) => client.during)));
  const before = capped(arms.map((arm) => arm.map((client) => client.before)));
  const adjusted = cuped(pairsOf(during[0]!, before[0]!), pairsOf(during[1]!, before[1]!));
  return adjusted.known ? [adjusted.control, adjusted.treated] : [sampleOfValues(during[0]!), sampleOfValues(during[1]!)];
}

export function plainSpend(control: readonly ClientSpend[], treated: readonly ClientSpend[]): readonly [Sample, Sample] {
  return [sampleOfValues(control.map(({ during }) => during)), sampleOfValues(treated.map(({ during }) => during))];
}

function capped(arms: readonly (readonly number[])[]): number[][] {
  const cap = pooledCap(arms, capQuantile) ?? Infinity;
  return arms.map((values) => winsorised(values, cap));
}

function pairsOf(y: readonly number[], x: readonly number[]): PairSums {
  const sums = { n: y.length, sumY: 0, sumX: 0, sumYY: 0, sumXX: 0, sumXY: 0 };
  y.forEach((value, i) => {
    const covariate = x[i]!;
    sums.sumY += value;
    sums.sumX += covariate;
    sums.sumYY += value * value;
    sums.sumXX += covariate * covariate;
    sums.sumXY += value * covariate;
  });
  return sums;
}

import { unknown, type Estimate, type Interval, type Sample } from './estimate';
import { welchDifference, type Difference } from './welch-difference';
import { wilsonInterval } from './wilson-interval';

export interface PreExposureBias extends Difference {
  /** Difference in pooled standard deviations (Cohen's d): how large the bias is, whatever the number of clients. */
  readonly standardisedDifference: number;
  readonly biased: boolean;
}

/** As strict as the check of the split, since it too is made at every look. */
const alarmBelowP = 0.001;

/** Did the arms differ before anybody was exposed? Then what they differ in afterwards is no effect. `Sample` is of the pre-period. */
export function preExposureBias(control: Sample, treated: Sample): Estimate<PreExposureBias> {
  const difference = welchDifference(control, treated);
  if (!difference.known) return difference;
  const standardisedDifference = difference.difference / Math.sqrt((control.variance + treated.variance) / 2);
  return { ...difference, standardisedDifference, biased: difference.p < alarmBelowP };
}

export interface MultipleExposures extends Interval {
  readonly share: number;
  readonly tooMany: boolean;
}

/** Share of clients who were seen in more than one arm; they belong to none and are left out. Above the limit the assignment is broken. */
export function multipleExposures(clients: number, inSeveralArms: number, limit = 0.01): Estimate<MultipleExposures> {
  const interval = wilsonInterval(inSeveralArms, clients, 0.95);
  if (!interval.known) return unknown(interval.reason);
  return { known: true, share: interval.rate, low: interval.low, high: interval.high, tooMany: interval.rate > limit };
}

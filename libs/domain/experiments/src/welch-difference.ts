import normal from '@stdlib/stats-base-dists-normal';
import student from '@stdlib/stats-base-dists-t';
import { degeneracy, unknown, type Estimate, type Interval, type Sample } from './estimate';

export interface Difference extends Interval {
  /** Mean of the second minus mean of the first. */
  readonly difference: number;
  readonly standardError: number;
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** Two-sided; valid for one look decided on beforehand, not under peeking. */
  readonly p: number;
}

/** Welch's unequal variances test of two means (Welch 1947, degrees of freedom by Satterthwaite). */
export function welchDifference(control: Sample, treated: Sample, confidence = 0.95): Estimate<Difference> {
  const reason = degeneracy(control, treated);
  if (reason) return unknown(reason);
  const difference = treated.mean - control.mean;
  const standardError = Math.sqrt(control.variance / control.n + treated.variance / treated.n);
  const degreesOfFreedom = satterthwaite(control, treated);
  const half = student.quantile(0.5 + confidence / 2, degreesOfFreedom) * standardError;
  const p = 2 * student.cdf(-Math.abs(difference) / standardError, degreesOfFreedom);
  return { known: true, difference, low: difference - half, high: difference + half, standardError, t: difference / standardError, degreesOfFreedom, p };
}

/** Welch's t as the normal score of the same p-value: what group-sequential bounds are compared with; 0 where nothing can be compared. */
export function welchScore(control: Sample, treated: Sample): number {
  if (degeneracy(control, treated)) return 0;
  const t = (treated.mean - control.mean) / Math.sqrt(control.variance / control.n + treated.variance / treated.n);
  const tail = student.cdf(-Math.abs(t), satterthwaite(control, treated));
  return tail > 0 ? -Math.sign(t) * normal.quantile(tail, 0, 1) : t;
}

function satterthwaite(a: Sample, b: Sample): number {
  const ofA = a.variance / a.n;
  const ofB = b.variance / b.n;
  return (ofA + ofB) ** 2 / (ofA ** 2 / (a.n - 1) + ofB ** 2 / (b.n - 1));
}

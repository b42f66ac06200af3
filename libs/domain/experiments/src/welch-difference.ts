import student from '@stdlib/stats-base-dists-t';
import { degeneracy, unknown, type Estimate, type Interval, type Sample } from './estimate';

export interface Difference extends Interval {
  /** Mean of the second minus mean of the first. */
  readonly difference: number;
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
  return { known: true, difference, low: difference - half, high: difference + half, degreesOfFreedom, p };
}

function satterthwaite(a: Sample, b: Sample): number {
  const ofA = a.variance / a.n;
  const ofB = b.variance / b.n;
  return (ofA + ofB) ** 2 / (ofA ** 2 / (a.n - 1) + ofB ** 2 / (b.n - 1));
}

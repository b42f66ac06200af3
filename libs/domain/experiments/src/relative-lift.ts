import normal from '@stdlib/stats-base-dists-normal';
import { degeneracy, unknown, type Estimate, type Interval, type Sample } from './estimate';

export interface Lift extends Interval {
  /** treated / control - 1: 0.1 is ten per cent more. */
  readonly lift: number;
}

/** Below this many standard errors from zero the ratio's linearisation is not to be trusted (Fieller's set may be unbounded). */
const baselineStandardErrors = 3;

/**
 * The relative lift of the second mean over the first by the delta method:
 * var(b/a) = var(b)/a^2 + b^2 var(a)/a^4.
 * @param multiplier half-width in standard errors; the default is that of one 95 % look. Give `anytimeMultiplier(...)` where looks are many.
 */
export function relativeLift(control: Sample, treated: Sample, multiplier = normal.quantile(0.975, 0, 1)): Estimate<Lift> {
  const reason = degeneracy(control, treated);
  if (reason) return unknown(reason);
  if (!Number.isFinite(multiplier)) return unknown('too-few-observations');
  const ofControl = control.variance / control.n;
  const ofTreated = treated.variance / treated.n;
  if (!(control.mean > baselineStandardErrors * Math.sqrt(ofControl)) || control.mean <= 0) return unknown('baseline-near-zero');
  const ratio = treated.mean / control.mean;
  const half = multiplier * Math.sqrt(ofTreated / control.mean ** 2 + (ratio ** 2 * ofControl) / control.mean ** 2);
  return { known: true, lift: ratio - 1, low: ratio - 1 - half, high: ratio - 1 + half };
}

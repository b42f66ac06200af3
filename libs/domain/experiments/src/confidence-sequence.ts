import { degeneracy, unknown, type Estimate, type Interval, type Sample } from './estimate';

export interface SequenceOptions {
  /** Probability that the true value ever, at any look, lies outside. */
  readonly alpha: number;
  /** The number of observations at which the interval shall be tightest; chosen before looking. */
  readonly tightestAt: number;
}

/**
 * Half-width in standard errors that holds at every look at once: the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha,
 * Kennedy and Ramdas (arXiv 2103.06476, theorem 2.2): mean +- sigma * sqrt(2 (t rho^2 + 1) / (t^2 rho^2) * log(sqrt(t rho^2 + 1) / alpha)).
 * @param observations t: independent pieces of information so far. Where the same clients' spend goes on growing these are client-days,
 *   not clients: then persistent differences between clients only make the sequence wider than it need be, never narrower.
 *   Infinite while there are none.
 */
export function anytimeMultiplier(observations: number, options: SequenceOptions): number {
  const scaled = observations * rhoSquared(options);
  return Math.sqrt((2 * (scaled + 1)) / scaled * Math.log(Math.sqrt(scaled + 1) / options.alpha));
}

/** The mean of one sample, valid at every look; `observations` as for `anytimeMultiplier`, else one a client. */
export function asymptoticConfidenceSequence(sample: Sample, options: SequenceOptions & { readonly observations?: number }): Estimate<Interval & { readonly mean: number }> {
  if (!(sample.n >= 2)) return unknown('too-few-observations');
  if (!(sample.variance > 0)) return unknown(sample.variance === 0 ? 'no-variance' : 'inconsistent-counts');
  const half = anytimeMultiplier(options.observations ?? sample.n, options) * Math.sqrt(sample.variance / sample.n);
  if (!Number.isFinite(half)) return unknown('too-few-observations');
  return { known: true, mean: sample.mean, low: sample.mean - half, high: sample.mean + half };
}

/** The difference of two arms' means (second minus first), valid at every look. */
export function differenceSequence(
  control: Sample,
  treated: Sample,
  options: SequenceOptions & { readonly observations?: number },
): Estimate<Interval & { readonly difference: number }> {
  const reason = degeneracy(control, treated);
  if (reason) return unknown(reason);
  const difference = treated.mean - control.mean;
  const multiplier = anytimeMultiplier(options.observations ?? control.n + treated.n, options);
  const half = multiplier * Math.sqrt(control.variance / control.n + treated.variance / treated.n);
  return { known: true, difference, low: difference - half, high: difference + half };
}

/** The paper's closed-form choice (its section on tuning rho) for the tightest boundary at a time of one's choice. */
function rhoSquared({ alpha, tightestAt }: SequenceOptions): number {
  const doubled = -2 * Math.log(alpha);
  return (doubled + Math.log(doubled + 1)) / tightestAt;
}

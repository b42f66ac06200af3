import normal from '@stdlib/stats-base-dists-normal';
import { unknown, type Estimate, type Interval } from './estimate';
import { wilsonInterval } from './wilson-interval';

/** Of `n` clients, `successes` did it. */
export interface Proportion {
  readonly n: number;
  readonly successes: number;
}

export interface ProportionsDifference extends Interval {
  readonly control: number;
  readonly treated: number;
  readonly difference: number;
  /** Of the difference, not pooled. */
  readonly standardError: number;
  /** Of the pooled test of no difference. */
  readonly z: number;
  readonly p: number;
}

/**
 * The difference of two proportions (second minus first): the two-sided pooled z test, and Newcombe's hybrid score interval (1998,
 * method 10), which stays within -1..1 and keeps its coverage for rare events. For one look decided on beforehand.
 */
export function proportionsDifference(control: Proportion, treated: Proportion, confidence = 0.95): Estimate<ProportionsDifference> {
  const [a, b] = [wilsonInterval(control.successes, control.n, confidence), wilsonInterval(treated.successes, treated.n, confidence)];
  if (!a.known) return a;
  if (!b.known) return b;
  const pooled = (control.successes + treated.successes) / (control.n + treated.n);
  if (pooled === 0 || pooled === 1) return unknown('no-variance');
  const difference = b.rate - a.rate;
  const z = difference / Math.sqrt(pooled * (1 - pooled) * (1 / control.n + 1 / treated.n));
  const standardError = Math.sqrt((a.rate * (1 - a.rate)) / control.n + (b.rate * (1 - b.rate)) / treated.n);
  const low = difference - Math.hypot(b.rate - b.low, a.high - a.rate);
  const high = difference + Math.hypot(b.high - b.rate, a.rate - a.low);
  return { known: true, control: a.rate, treated: b.rate, difference, standardError, z, p: 2 * normal.cdf(-Math.abs(z), 0, 1), low, high };
}

/** The proportion as a sample of zeros and ones, for whatever compares means. */
export function sampleOfProportion({ n, successes }: Proportion): { n: number; mean: number; variance: number } {
  const rate = n > 0 ? successes / n : 0;
  return { n, mean: rate, variance: n > 1 ? (rate * (1 - rate) * n) / (n - 1) : 0 };
}

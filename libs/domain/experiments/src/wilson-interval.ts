import normal from '@stdlib/stats-base-dists-normal';
import { unknown, type Estimate, type Interval } from './estimate';

/**
 * Wilson's score interval of a proportion (Wilson 1927; the one that Newcombe 1998 and Brown, Cai, DasGupta 2001 recommend):
 * stays within 0..1 and keeps its coverage for rare events. `n` may be an effective, fractional number of observations.
 */
export function wilsonInterval(successes: number, n: number, confidence: number): Estimate<Interval & { readonly rate: number }> {
  if (!(n > 0)) return unknown('too-few-observations');
  if (!(successes >= 0 && successes <= n)) return unknown('inconsistent-counts');
  const z = normal.quantile(0.5 + confidence / 2, 0, 1);
  const rate = successes / n;
  const center = (rate + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((rate * (1 - rate)) / n + z ** 2 / (4 * n ** 2));
  return { known: true, rate, low: rate === 0 ? 0 : Math.max(0, center - half), high: rate === 1 ? 1 : Math.min(1, center + half) };
}

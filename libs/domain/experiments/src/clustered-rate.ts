import { unknown, type Estimate, type Interval } from './estimate';
import { wilsonInterval } from './wilson-interval';

/** Sums over clients, each of whom had `trials` offers and answered `successes` of them. */
export interface ClusterSums {
  readonly clients: number;
  readonly trials: number;
  readonly successes: number;
  readonly trialsSquared: number;
  readonly successesSquared: number;
  readonly trialsTimesSuccesses: number;
}

/**
 * A rate over offers with an interval that knows that one client's offers are alike: the ratio's variance by clients (Taylor
 * linearisation) gives an effective number of offers, which goes into Wilson's interval (as in Dean and Pagano 2015).
 * Never counts more observations than there are offers; where the variance is zero, no more than there are clients.
 */
export function clusteredRate(sums: ClusterSums, confidence: number): Estimate<Interval & { readonly rate: number }> {
  const { clients, trials, successes } = sums;
  if (!(clients > 0 && trials > 0)) return unknown('too-few-observations');
  if (!(successes >= 0 && successes <= trials)) return unknown('inconsistent-counts');
  const effective = effectiveTrials(sums);
  return wilsonInterval((successes / trials) * effective, effective, confidence);
}

function effectiveTrials(sums: ClusterSums): number {
  const { clients, trials } = sums;
  const rate = sums.successes / trials;
  const residuals = sums.successesSquared - 2 * rate * sums.trialsTimesSuccesses + rate ** 2 * sums.trialsSquared;
  const variance = clients > 1 ? (clients / (clients - 1)) * (residuals / trials ** 2) : 0;
  const binomial = rate * (1 - rate);
  if (!(variance > 0) || binomial === 0) return Math.min(clients, trials);
  return Math.min(trials, binomial / variance);
}

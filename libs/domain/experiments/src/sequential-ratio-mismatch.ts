import gammaln from '@stdlib/math-base-special-gammaln';
import { unknown, type Estimate } from './estimate';

export interface SequentialRatioCheck {
  /** Of the newest look alone: how much better a split of unknown weights explains the counts. */
  readonly logBayesFactor: number;
  /** Holds at every look: the smallest 1 / (Bayes factor) seen so far. */
  readonly p: number;
  readonly mismatch: boolean;
}

const alarmBelowP = 0.001;

/**
 * Sample ratio mismatch at every look: the Dirichlet-multinomial test martingale of Lindon and Malek (2022, "Anytime-valid inference
 * for multinomial count data"). Under the split that was asked for, p falls below any level with at most that probability, ever.
 * @param looks cumulative counts of the arms, the oldest look first
 * @param concentration of the Dirichlet prior around the asked split: large ones look for small departures; chosen before looking
 */
export function sequentialRatioMismatch(looks: readonly (readonly number[])[], weights: readonly number[], concentration = 10_000): Estimate<SequentialRatioCheck> {
  if (looks.some((look) => look.length !== weights.length)) throw new RangeError('each look has one count for each weight');
  const newest = looks.at(-1);
  if (!newest || weights.length < 2 || total(newest) === 0) return unknown('too-few-observations');
  if (weights.some((part) => !(part > 0)) || looks.flat().some((count) => !(count >= 0)) || !(concentration > 0)) return unknown('inconsistent-counts');
  const shares = weights.map((part) => part / total(weights));
  const factors = looks.map((look) => logBayesFactor(look, shares, concentration));
  const p = Math.min(1, Math.exp(-Math.max(...factors)));
  return { known: true, logBayesFactor: factors.at(-1)!, p, mismatch: p < alarmBelowP };
}

function logBayesFactor(counts: readonly number[], shares: readonly number[], concentration: number): number {
  const dirichlet = counts.reduce((sum, count, arm) => sum + gammaln(concentration * shares[arm]! + count) - gammaln(concentration * shares[arm]!), 0);
  const multinomial = counts.reduce((sum, count, arm) => sum + count * Math.log(shares[arm]!), 0);
  return gammaln(concentration) - gammaln(concentration + total(counts)) + dirichlet - multinomial;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

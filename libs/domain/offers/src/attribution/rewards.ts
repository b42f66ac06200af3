import type { ConsideredCandidate, Objective, Rewards } from '@sp/contracts';

/** As it was known when the offer was decided. */
export interface RewardBasis {
  readonly objective: Objective;
  readonly marginPercent: number;
  /** What the client spends there in the mean, offer or not; undefined where that was not known. */
  readonly usualCheckMinor?: number;
  readonly knownMerchant: boolean;
}

/** Undefined where the record does not hold its candidates. */
export function rewardBasisOf(chosen: ConsideredCandidate | undefined): RewardBasis | undefined {
  if (chosen?.objective === undefined) return undefined;
  const { objective, marginPercent, usualCheckMinor, knownMerchant } = chosen;
  return { objective, marginPercent, knownMerchant, ...(usualCheckMinor !== undefined && { usualCheckMinor }) };
}

/** `left` are the amounts of the purchases in the offer's time, after reversals; `givenMinor` the discount that was really given. */
export function rewardsOf({ objective, marginPercent, usualCheckMinor, knownMerchant }: RewardBasis, left: readonly number[], givenMinor: number): Rewards {
  const marginOf = (amount: (leftMinor: number) => number): number => Math.round((left.reduce((sum, leftMinor) => sum + amount(leftMinor), 0) * marginPercent) / 100) - givenMinor;
  const marginMinor = marginOf((leftMinor) => leftMinor);
  const frequencyMinor = marginOf((leftMinor) => Math.min(leftMinor, usualCheckMinor ?? leftMinor));
  const averageCheckMinor = marginOf((leftMinor) => Math.max(0, leftMinor - (usualCheckMinor ?? leftMinor)));
  const newMerchantMinor = knownMerchant ? 0 - givenMinor : marginMinor;
  const byObjective: Record<Objective, number> = { 'spend': marginMinor, 'frequency': frequencyMinor, 'average-check': averageCheckMinor, 'new-merchant': newMerchantMinor };
  return { objective, rewardMinor: byObjective[objective], marginMinor, frequencyMinor, averageCheckMinor, newMerchantMinor };
}

import type { BankEventData, DecisionMade, IssuedOffer, Objective, Rewards } from '@sp/contracts';
import { readPairFeature } from '../pair-features';

/** What is read of a campaign here. */
export type RewardCampaign = Pick<BankEventData<'campaign.published'>, 'objective' | 'marginPercent'>;

/** As it was known when the offer was decided. */
export interface RewardBasis {
  readonly objective: Objective;
  readonly marginPercent: number;
  /** What the client usually spends in the category; undefined where that was not known. */
  readonly usualCheckMinor?: number;
  readonly knownMerchant: boolean;
}

/** From the pair's features of the moment: the usual check is what the minimum check was divided by. */
export function rewardBasisOf({ features }: DecisionMade['data'], { terms }: IssuedOffer, { objective, marginPercent }: RewardCampaign): RewardBasis {
  const usualCheckMinor = Math.round(terms.minimumCheckMinor / readPairFeature(features, 'pair.minimum_over_average_check'));
  const known = readPairFeature(features, 'pair.known_merchant') === 1;
  return { objective, marginPercent, knownMerchant: known, ...(Number.isFinite(usualCheckMinor) && usualCheckMinor > 0 && { usualCheckMinor }) };
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

import type { ArmPolicy, ClientProfile, DecisionPolicy, OfferTerms, ScoredCandidate } from '@sp/contracts';
import type { BudgetView } from './budget-ledger';
import type { CampaignFinder } from './campaign';
import { dayMs } from './day-ms';
import { boundTerms, discountMinor } from './discount';
import { shadowPriceOf, type Pace } from './pace';

/** A candidate with the terms on which it would be issued and what it would be worth. */
export interface WeighedCandidate {
  readonly candidate: ScoredCandidate;
  readonly terms: OfferTerms;
  /** P(purchase here in the offer's time, offer or not). */
  readonly baseline: number;
  readonly shadowPrice: number;
  /** Expected incremental margin after the discount, an expectation and so not whole. */
  readonly valueMinor: number;
}

export interface WeighingContext {
  readonly profile: ClientProfile;
  readonly arm: ArmPolicy;
  readonly campaigns: CampaignFinder;
  readonly budget: BudgetView;
  readonly policy: DecisionPolicy;
  readonly timeMs: number;
  /** Of the client's arm; undefined for a campaign that is not known or has no budget here. */
  readonly paceFor: (campaignId: string) => Pace | undefined;
}

/** Who has been seen for less is not taken to buy daily because he bought once. */
const leastSeenDays = 14;

/** What the offer would earn beyond what the client would do anyhow, less the discount and what the discount takes from other offers. */
export function weigh(candidate: ScoredCandidate, context: WeighingContext): WeighedCandidate {
  const terms = boundTerms(candidate.terms, candidate.expectedCheckMinor);
  const baseline = baselineOf(candidate, context);
  const shadowPrice = priceOf(candidate.campaignId, context);
  const costMinor = candidate.conversion * discountMinor(terms, candidate.expectedCheckMinor) * (1 + shadowPrice);
  return { candidate, terms, baseline, shadowPrice, valueMinor: incrementalMarginMinor(candidate, baseline) - costMinor };
}

/**
 * By the campaign's objective. Of those who redeem, a share of baseline / conversion would have come anyhow, and would have spent the usual:
 * only the rest is the offer's. `frequency` counts visits at their usual check, `average-check` of a known client only what is above it.
 */
function incrementalMarginMinor({ objective, conversion, marginPercent, expectedCheckMinor, usualCheckMinor = expectedCheckMinor, knownMerchant }: ScoredCandidate, baseline: number): number {
  const anyhow = Math.min(baseline, conversion);
  const margin = marginPercent / 100;
  if (objective === 'frequency') return (conversion - anyhow) * usualCheckMinor * margin;
  if (objective === 'average-check' && knownMerchant) return conversion * Math.max(0, expectedCheckMinor - usualCheckMinor) * margin;
  return (conversion * expectedCheckMinor - anyhow * usualCheckMinor) * margin;
}

/** Purchases at the merchant as a Poisson process of the client's own mean rate. */
function baselineOf({ merchantId, terms }: ScoredCandidate, { profile, timeMs }: WeighingContext): number {
  const own = profile.merchants.find((used) => used.merchantId === merchantId);
  if (!own || profile.firstSeenMs === undefined) return 0;
  const seenDays = Math.max(leastSeenDays, (timeMs - profile.firstSeenMs) / dayMs);
  return 1 - Math.exp((-own.purchases / seenDays) * terms.validityDays);
}

function priceOf(campaignId: string, { paceFor, policy }: WeighingContext): number {
  const pace = paceFor(campaignId);
  return pace ? shadowPriceOf(pace, policy) : 0;
}

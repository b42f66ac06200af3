import type { BankEventData, Objective, OfferTerms } from '@sp/contracts';
import { dayMs } from './calendar';
import { drawsFor, type Draws } from './draws';
import { usualCheckMinor, type Merchant } from './merchants';

export type Campaign = BankEventData<'campaign.published'>;

/** After this the round ends and every partner publishes anew. */
export const roundDays = 120;

const objectives: readonly Objective[] = ['spend', 'spend', 'frequency', 'average-check', 'new-merchant'];

/** The campaigns of one round, one for each partner; round 0 starts with the world, a new merchant's with its first day. */
export function campaignsOf(seed: number, merchants: readonly Merchant[], worldStartMs: number, round: number): Campaign[] {
  const startMs = worldStartMs + round * roundDays * dayMs;
  return merchants.filter(({ partner }) => partner).map((merchant) => {
    const opensMs = worldStartMs + merchant.opensOnDay * dayMs;
    return campaign(seed, merchant, startMs, { round, fromMs: Math.max(startMs, opensMs) });
  });
}

/** As published by mistake, and taken back later: every discount has the wrong size. */
export function withWrongTerm(campaign: Campaign, discountPercent: number): Campaign {
  return { ...campaign, terms: campaign.terms.map((terms) => ({ ...terms, discountPercent })) };
}

function campaign(seed: number, merchant: Merchant, startMs: number, { round, fromMs }: { readonly round: number; readonly fromMs: number }): Campaign {
  const draws = drawsFor(seed, 'campaign', merchant.index, round);
  return {
    campaignId: `k${merchant.merchantId.slice(1)}r${round + 1}`,
    merchantId: merchant.merchantId,
    objective: draws.pick(objectives),
    startsAt: new Date(fromMs).toISOString(),
    endsAt: new Date(startMs + roundDays * dayMs).toISOString(),
    budgetMinor: Math.round(usualCheckMinor(merchant) * draws.between(80, 300)),
    currency: 'EUR',
    marginPercent: merchant.marginPercent,
    terms: termsGrid(draws, merchant),
  };
}

/** Two to four points, each deeper than the last; the deeper ones run shorter or ask for a larger check. */
function termsGrid(draws: Draws, merchant: Merchant): OfferTerms[] {
  const deepest = Math.max(8, Math.min(30, merchant.marginPercent * 0.8));
  const points = draws.whole(2, 4);
  const validities = [draws.pick([14, 21]), draws.pick([10, 14]), draws.pick([7, 10]), draws.pick([3, 5, 7])];
  return Array.from({ length: points }, (_, point) => ({
    discountPercent: Math.max(3 + point, Math.round((deepest * (point + 1)) / points)),
    validityDays: validities[point] ?? 7,
    minimumCheckMinor: Math.round((usualCheckMinor(merchant) * draws.pick([0, 0.5, 0.8, 1, 1.3])) / 100) * 100,
    ...(draws.happens(0.3) && { maximumDiscountMinor: Math.round(usualCheckMinor(merchant) * 0.5) }),
  }));
}

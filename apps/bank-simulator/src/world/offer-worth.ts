import { momentOf } from './answer-offer';
import { dayMs } from './calendar';
import { leavesMs } from './client-life';
import type { OfferInHand } from './offer-in-hand';
import { likingOf } from './clients';
import type { Merchant } from './merchants';
import { meanGapDays, usualCheckOf } from './purchases';
import type { ReceivedOffer } from './received-offer';
import { longestAheadDays, replacedShares } from './redemption';
import { redemptionProbability } from './response-rule';

type OfferAtHand = Pick<OfferInHand, 'market' | 'client' | 'life' | 'merchant' | 'nowMs'> & { readonly offer: Pick<ReceivedOffer, 'terms'> };

/** Redeemers are met by refusal in so many cases. */
const comesTrue = 0.975;

/**
 * What an offer is worth to the oracle, in minor units: the chance of its redemption times the margin after the discount, less the margin of the own
 * purchase whose place it takes. The oracle knows the hidden rule, what the client likes and when he will next buy in the category; where he would
 * have bought and by which card is as uncertain to it as to the world before its draw. Sums are taken at their means; habits that a visit forms, later
 * weeks and the talk of diverting merchants are left out. In the world without effect every redeemed offer costs its discount and brings nothing.
 */
export function worthOf(hand: OfferAtHand): number {
  const { market, client, merchant } = hand;
  const probability = redemptionProbability(momentOf(hand)) * comesTrue;
  const amount = amountOf(hand, usualCheckOf(client, merchant));
  if (market.world === 'no-effect') return -probability * discountOn(hand, amount);
  const lost = replacedShare(hand) * client.shareOfWallet * usualMargin(market, client, merchant.category);
  return probability * (marginOn(amount, merchant.marginPercent) - discountOn(hand, amount) - lost);
}

/** How likely the offer's purchase takes the place of the own one that would come next in the category. */
function replacedShare({ market, client, life, merchant, offer, nowMs }: OfferAtHand): number {
  const { category } = merchant;
  const dueMs = life.dueMs[category] ?? Infinity;
  const endMs = Math.min(nowMs + offer.terms.validityDays * dayMs, leavesMs(client, life));
  const horizonMs = endMs + Math.min(longestAheadDays, 0.5 * meanGapDays(market, client, category, nowMs)) * dayMs;
  return dueMs >= leavesMs(client, life) ? 0 : dueMs <= endMs ? replacedShares.due : dueMs <= horizonMs ? replacedShares.ahead : 0;
}

/** By the client's own choice among the category's merchants. */
function usualMargin({ merchantsOf, merchants }: OfferAtHand['market'], client: OfferAtHand['client'], category: number): number {
  let [margin, weights] = [0, 0];
  for (const index of merchantsOf[category] ?? []) {
    const merchant = merchants[index] as Merchant;
    const weight = Math.exp(likingOf(client, index));
    margin += weight * marginOn(usualCheckOf(client, merchant), merchant.marginPercent);
    weights += weight;
  }
  return weights === 0 ? 0 : margin / weights;
}

function amountOf({ offer: { terms } }: OfferAtHand, wantedMinor: number): number {
  return wantedMinor >= terms.minimumCheckMinor ? wantedMinor : terms.minimumCheckMinor * 1.06;
}

function discountOn({ offer: { terms } }: OfferAtHand, amountMinor: number): number {
  return Math.min((amountMinor * terms.discountPercent) / 100, terms.maximumDiscountMinor ?? Infinity);
}

function marginOn(amountMinor: number, marginPercent: number): number {
  return (amountMinor * marginPercent) / 100;
}

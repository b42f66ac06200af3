import { momentOf } from './answer-offer';
import { dayMs } from './calendar';
import { leavesMs } from './client-life';
import type { OfferInHand } from './offer-in-hand';
import { meanGapDays, purchaseOf, usualCheckOf } from './purchases';
import type { ReceivedOffer } from './received-offer';
import { longestAheadDays, replacedShares } from './redemption';
import { redemptionProbability } from './response-rule';

type OfferAtHand = Pick<OfferInHand, 'market' | 'client' | 'life' | 'merchant' | 'nowMs'> & { readonly offer: Pick<ReceivedOffer, 'terms'> };

/** Redeemers are met by refusal in so many cases. */
const comesTrue = 0.975;

/**
 * What an offer is worth to the oracle, in minor units: the chance of its redemption times the margin after the discount, less the margin of the own
 * purchase whose place it takes. The sums that the world draws are taken at their means; habits that a visit forms, later weeks and the talk of
 * diverting merchants are left out. In the world without effect every redeemed offer costs its discount and brings nothing.
 */
export function worthOf(hand: OfferAtHand): number {
  const { market, merchant } = hand;
  const probability = redemptionProbability(momentOf(hand)) * comesTrue;
  const usual = amountOf(hand, usualCheckOf(hand.client, merchant));
  if (market.world === 'no-effect') return -probability * discountOn(hand, usual);
  const { share, own } = replaced(hand);
  const extra = marginOn(usual, merchant.marginPercent) - discountOn(hand, usual);
  if (!own || share === 0) return probability * extra;
  const amount = own.merchant === merchant ? amountOf(hand, own.amountMinor) : usual;
  const lost = own.ours && !own.takenBack ? marginOn(own.amountMinor, own.merchant.marginPercent) : 0;
  return probability * ((1 - share) * extra + share * (marginOn(amount, merchant.marginPercent) - discountOn(hand, amount) - lost));
}

/** The own purchase that would come next in the category, and how likely the offer's takes its place. */
function replaced({ market, client, life, merchant, offer, nowMs }: OfferAtHand) {
  const { category } = merchant;
  const dueMs = life.dueMs[category] ?? Infinity;
  const endMs = Math.min(nowMs + offer.terms.validityDays * dayMs, leavesMs(client, life));
  const horizonMs = endMs + Math.min(longestAheadDays, 0.5 * meanGapDays(market, client, category, nowMs)) * dayMs;
  const share = dueMs >= leavesMs(client, life) ? 0 : dueMs <= endMs ? replacedShares.due : dueMs <= horizonMs ? replacedShares.ahead : 0;
  return { share, own: share === 0 ? undefined : purchaseOf(market, client, category, life.serial[category] ?? 0, dueMs) };
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

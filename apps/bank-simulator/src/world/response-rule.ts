import type { OfferTerms } from '@sp/contracts';
import { likingOf, type Client } from './clients';
import { categoryOf, type Merchant } from './merchants';
import { usualCheckOf } from './purchases';
import { thresholdAcceptProbability } from './threshold-rule';
import type { WorldKind } from './worlds';

/** One offer in the client's hand, at one moment. */
export interface OfferMoment {
  /** Decides which rule holds. */
  readonly world: WorldKind;
  readonly client: Client;
  readonly merchant: Merchant;
  /** The client's for the merchant's category, at this moment. */
  readonly affinity: number;
  readonly terms: Pick<OfferTerms, 'discountPercent' | 'validityDays' | 'minimumCheckMinor'>;
  /** Contacts felt before this one. */
  readonly fatigue: number;
  /** Time since the last purchase in the category as a share of the client's mean gap; undefined if there was none. */
  readonly elapsedGaps: number | undefined;
}

/** Of the accepted offers, those that lead to a purchase within their validity. */
export const keptPromises = 0.85;

/** Sets the level of all: an offer drawn at random is redeemed in 5-10 of 100 cases, one chosen well in 20-30. */
const level = -1.3;

/** The hidden rule. The services never read it; what they can know of it is what their clients do. */
export function acceptProbability(moment: OfferMoment): number {
  return moment.world === 'habit' ? thresholdAcceptProbability(moment) : smoothAcceptProbability(moment);
}

function smoothAcceptProbability(moment: OfferMoment): number {
  return logistic(level + wish(moment) + reach(moment) + bargain(moment) - 0.25 * moment.fatigue);
}

export function viewProbability(fatigue: number): number {
  return 0.93 * Math.exp(-0.12 * fatigue);
}

export function redemptionProbability(moment: OfferMoment): number {
  return viewProbability(moment.fatigue) * acceptProbability(moment) * keptPromises;
}

/** Does he want something of this kind, and now? */
function wish({ merchant, affinity, elapsedGaps }: OfferMoment): number {
  const taste = 0.8 * Math.log(Math.min(4, Math.max(0.1, affinity)));
  const rarity = -0.25 * Math.log(categoryOf(merchant).meanGapDays / 15);
  const need = elapsedGaps === undefined ? -0.2 : 0.9 * Math.max(-1, Math.min(1, elapsedGaps - 1));
  return taste + rarity + need;
}

/** Does he like this merchant: his taste, its price level, the way there? */
function reach({ client, merchant }: OfferMoment): number {
  return 0.75 * Math.max(-4, Math.min(2.5, likingOf(client, merchant.index)));
}

/** Is the discount worth it, can the minimum check be met, is there time? */
function bargain({ client, merchant, terms }: OfferMoment): number {
  const depth = client.discountSensitivity * (appeal(terms.discountPercent) - appeal(10));
  const stretch = Math.max(0, Math.log((terms.minimumCheckMinor || 1) / usualCheckOf(client, merchant)));
  return depth - 1.8 * stretch + 0.25 * Math.log(Math.min(30, Math.max(1, terms.validityDays)) / 10);
}

/** Each further percent moves less than the one before it; around 10 % ten more of them are worth 1. */
function appeal(discountPercent: number): number {
  return 2.92 * (1 - Math.exp(-discountPercent / 15));
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

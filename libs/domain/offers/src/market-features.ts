import { segmentKey, type ClientProfile, type MerchantStatistics, type OfferTerms, type SegmentSpend } from '@sp/contracts';
import { mccGroup } from '@sp/features';
import type { MerchantFacts } from './campaign';
import { dayMs } from './day-ms';

/** What all partitions know together, as of the versions at this place of the log. */
export interface MarketReader {
  merchantOf(merchantId: string): Partial<MerchantStatistics> | undefined;
  /** By `segmentKey`. */
  spendOf(key: string): Partial<SegmentSpend> | undefined;
}

export const unknownMarket: MarketReader = { merchantOf: () => undefined, spendOf: () => undefined };

export const marketFeatureNames = [
  'pair.spend_over_peers',
  'pair.category_spend_over_peers',
  'pair.category_share_over_peers',
  'pair.merchant_visits_per_day',
  'pair.merchant_check_over_own',
  'pair.minimum_over_merchant_check',
  'pair.merchant_reversal_rate',
  'pair.merchant_conversion',
  'pair.merchant_refusal_rate',
  'pair.merchant_confirmed_share',
  'pair.merchant_response_hours',
] as const;

export interface MarketPair {
  readonly profile: ClientProfile;
  readonly merchant: MerchantFacts;
  readonly terms: OfferTerms;
  /** In which the terms are, and the merchant's average check is taken. */
  readonly currency: string;
  readonly timeMs: number;
  readonly market: MarketReader;
}

/** Below it a mean over peers says little of anybody. */
const leastPeers = 20;
/** Who has been known for a shorter time is taken as known for so long: two purchases on his first day are no rate. */
const leastDays = 7;
/** Before anything is known of a merchant's offers, one in twenty is redeemed: about what offers on trial come to. */
const priorRedeemed = 1;
const priorOffers = 20;

/** How the client stands among the peers of his segment, and how the merchant does, in the order of `marketFeatureNames`; NaN is "not known". */
export function marketFeatures(pair: MarketPair): number[] {
  return [...peerFeatures(pair), ...merchantFeatures(pair)];
}

/** A share of wallet cannot be seen by one bank; who spends less on groceries than others like him probably pays some of it elsewhere. */
function peerFeatures({ profile, merchant, timeMs, market }: MarketPair): number[] {
  const { segment, categories, firstSeenMs } = profile;
  const group = mccGroup(merchant.mcc);
  const peers = market.spendOf(segmentKey(segment));
  const clients = peers?.clients ?? 0;
  if (!peers || clients < leastPeers || firstSeenMs === undefined) return [NaN, NaN, NaN];
  const peerSpend = peers.spendMinor ?? 0;
  const peerSpendInGroup = market.spendOf(segmentKey(segment, group))?.spendMinor ?? 0;
  const peerDays = Math.max((clients * timeMs) / dayMs - (peers.firstDays ?? 0), clients * leastDays);
  const spend = spendOf(categories);
  const spendInGroup = spendOf(categories.filter(({ mcc }) => mccGroup(mcc) === group));
  const days = Math.max((timeMs - firstSeenMs) / dayMs, leastDays);
  return [
    ratio(spend / days, peerSpend / peerDays),
    ratio(spendInGroup / days, peerSpendInGroup / peerDays),
    ratio(ratio(spendInGroup, spend), ratio(peerSpendInGroup, peerSpend)),
  ];
}

function merchantFeatures({ profile, merchant, terms, currency, timeMs, market }: MarketPair): number[] {
  const known = market.merchantOf(merchant.merchantId);
  const { purchases = 0, purchasesReversed = 0, offersIssued = 0, offersRedeemed = 0, offersRefused = 0, offersConfirmed = 0, offersAnswered = 0, answerMinutes = 0 } = known ?? {};
  const check = ratio(known?.[`amountMinor:${currency}`] ?? 0, purchases);
  return [
    visitsPerDay(known, timeMs),
    ratio(check, profile.averageCheckMinor),
    ratio(terms.minimumCheckMinor, check),
    ratio(purchasesReversed, purchases + purchasesReversed),
    (offersRedeemed + priorRedeemed) / (offersIssued + priorOffers),
    ratio(offersRefused, offersRefused + offersRedeemed),
    ratio(offersConfirmed, offersRedeemed),
    ratio(answerMinutes / 60, offersAnswered),
  ];
}

/** Visits that came evenly until now are in the mean half as old as the first one; those of a growing merchant are younger, and count for more. */
function visitsPerDay({ purchases = 0, purchasesReversed = 0, visitHours = 0 }: Partial<MerchantStatistics> = {}, timeMs: number): number {
  const visits = purchases + purchasesReversed;
  if (visits <= 0) return 0;
  const meanAgeDays = (timeMs / 3_600_000 - visitHours / visits) / 24;
  return visits / Math.max(1, 2 * meanAgeDays);
}

function spendOf(categories: ClientProfile['categories']): number {
  return categories.reduce((sum, { purchases, averageCheckMinor }) => sum + purchases * averageCheckMinor, 0);
}

/** NaN where the second is nothing. */
function ratio(one: number, other: number): number {
  return other > 0 ? one / other : NaN;
}

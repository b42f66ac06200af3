import type { LineEvent, MerchantStatistics } from '@sp/contracts';
import type { AttributionStep, OpenOffers } from '@sp/offers';

const hourMs = 3_600_000;

export interface MerchantDelta {
  readonly merchantId: string;
  readonly delta: Partial<MerchantStatistics>;
}

/** What one event or wake changed in a client's real offers; what repeats itself changes nothing. */
export function statisticsOfOffers(before: OpenOffers | undefined, { state, outcomes, amendments }: AttributionStep): MerchantDelta[] {
  const open = (state?.open ?? []).filter(({ ghost }) => !ghost);
  const known = new Map((before?.open ?? []).map((offer) => [offer.offer.offerId, offer]));
  const changed = open.flatMap((offer) => {
    const was = known.get(offer.offer.offerId);
    if (was === offer) return [];
    const delta: Partial<MerchantStatistics> = {
      ...(!was && { offersIssued: 1 }),
      ...(offer.viewed && !was?.viewed && { offersViewed: 1 }),
      ...(offer.accepted && !was?.accepted && { offersAccepted: 1 }),
      ...(offer.declined && !was?.declined && { offersDeclined: 1 }),
      ...(offer.refused && !was?.refused && { offersRefused: 1 }),
      ...(offer.confirmed && !was?.confirmed && { offersConfirmed: 1 }),
      ...(offer.answeredAtMs !== undefined && was?.answeredAtMs === undefined && { offersAnswered: 1, answerMinutes: minutesBetween(offer.issuedAtMs, offer.answeredAtMs) }),
    };
    return Object.keys(delta).length === 0 ? [] : [{ merchantId: offer.offer.merchantId, delta }];
  });
  const redeemed = outcomes.filter((outcome) => outcome.redeemed && !outcome.ghost).map(({ offer }) => ({ merchantId: offer.merchantId, delta: { offersRedeemed: 1 } }));
  const amended = amendments.flatMap(({ offer, ghost, redeemed: is }) => {
    const change = Number(is) - Number(known.get(offer.offerId)?.told?.redeemed ?? false);
    return ghost || change === 0 ? [] : [{ merchantId: offer.merchantId, delta: { offersRedeemed: change } }];
  });
  return [...changed, ...redeemed, ...amended];
}

/** A purchase at a merchant, or what a reversal took back of one. */
export function statisticsOfSpending(event: LineEvent): MerchantDelta | undefined {
  if (event.type === 'transaction.authorised') {
    const { kind, merchantId, amountMinor, currency } = event.data;
    const visitHours = Math.floor(event.timeMs / hourMs);
    return kind === 'purchase' && merchantId !== undefined ? { merchantId, delta: { purchases: 1, visitHours, [`amountMinor:${currency}`]: amountMinor } } : undefined;
  }
  if (event.type !== 'purchase.reversed' || event.data.merchantId === undefined) return undefined;
  const { merchantId, amountMinor, currency, isWhole } = event.data;
  return { merchantId, delta: { ...(isWhole && { purchases: -1, purchasesReversed: 1 }), [`amountMinor:${currency}`]: -amountMinor } };
}

/** Whole ones, as sums over partitions need; a word that came before its offer took none. */
function minutesBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) / 60_000));
}

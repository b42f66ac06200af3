import { dayMs, minuteMs } from './calendar';
import { fatigueAt, feelContact, leavesMs } from './client-life';
import type { Delivery } from './delivery';
import { drawsFor, keyOf } from './draws';
import { respond, type OfferInHand } from './offer-in-hand';
import { affinityAt, meanGapDays } from './purchases';
import type { ReceivedOffer } from './received-offer';
import { redemption } from './redemption';
import { acceptProbability, viewProbability, type OfferMoment } from './response-rule';

/** How the offer looks to the client at this instant, before he feels this contact. */
export function momentOf(hand: Pick<OfferInHand, 'market' | 'client' | 'life' | 'merchant' | 'nowMs'> & { readonly offer: Pick<ReceivedOffer, 'terms'> }): OfferMoment {
  const { market, client, life, merchant, offer, nowMs } = hand;
  const lastMs = life.lastMs[merchant.category] ?? 0;
  const elapsedGaps = lastMs === 0 ? undefined : (nowMs - lastMs) / dayMs / meanGapDays(market, client, merchant.category, nowMs);
  const affinity = affinityAt(market, client, merchant.category, nowMs);
  return { world: market.world, client, merchant, affinity, terms: offer.terms, fatigue: fatigueAt(life, nowMs), elapsedGaps };
}

/** All that the client will do about the offer, by the hidden rule; draws depend on the offer's id alone. */
export function answerOffer(hand: OfferInHand): Delivery[] {
  const { life, offer, market, nowMs, client } = hand;
  const { arm } = offer;
  const moment = momentOf(hand);
  const draws = drawsFor(market.seed, 'answer', keyOf(offer.offerId));
  feelContact(life, nowMs);
  const endMs = Math.min(Date.parse(offer.validUntil), leavesMs(client, life));
  const viewedMs = nowMs + minuteMs + draws.exponential(45 * minuteMs);
  const accepts = draws.uniform();
  if (!draws.happens(viewProbability(moment.fatigue)) || viewedMs >= endMs - 10 * minuteMs) return [];
  const viewed = respond(hand, viewedMs, { response: 'viewed' }, { kind: 'viewed', arm });
  const decidedMs = viewedMs + draws.between(0.2, 6) * minuteMs;
  if (accepts < acceptProbability(moment)) {
    return [viewed, respond(hand, decidedMs, { response: 'accepted' }, { kind: 'accepted', arm }), ...redemption(hand, draws, decidedMs, endMs)];
  }
  if (!draws.happens(0.25)) return [viewed];
  return [viewed, respond(hand, decidedMs, { response: 'declined', reason: draws.happens(0.85) ? 'not-interested' : 'unreachable' }, { kind: 'declined', arm })];
}

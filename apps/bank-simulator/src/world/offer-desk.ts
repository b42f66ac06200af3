import { hourMs } from './calendar';
import { answerOffer, momentOf } from './answer-offer';
import { consentsOf, leavesMs } from './client-life';
import type { Client } from './clients';
import type { Delivery } from './delivery';
import { keyOf } from './draws';
import type { Supply } from './market';
import type { Merchant } from './merchants';
import type { OfferInHand } from './offer-in-hand';
import type { ReceivedOffer } from './received-offer';
import { worthOf } from './offer-worth';
import { redemptionProbability } from './response-rule';
import { weekMs } from './ledger';
import { armOf, compareWithOracle, touch } from './truth';
import type { WorldState } from './world-state';

/** An offer further ahead than this comes from a line with another clock, and is answered at once. */
const furthestAheadMs = 24 * hourMs;

/** Above so many campaigns the oracle looks at one offer in so many only: it tries every campaign for each. */
const oracleCampaigns = 100;

export interface Desk {
  readonly state: WorldState;
  readonly supply: Supply;
  readonly clients: readonly Client[];
}

/** What the clients will do about the offers whose instant has come; the others wait. */
export function answerOffers(desk: Desk, offers: readonly ReceivedOffer[]): Delivery[] {
  const { state } = desk;
  const nowMs = state.timeMs;
  const early = ({ issuedMs }: ReceivedOffer): boolean => issuedMs > nowMs && issuedMs <= nowMs + furthestAheadMs;
  const known = [...state.waiting, ...offers];
  state.waiting = known.filter(early);
  return known.flatMap((offer) => (early(offer) ? [] : answerOne(desk, offer, nowMs)));
}

function answerOne(desk: Desk, offer: ReceivedOffer, nowMs: number): Delivery[] {
  const { state, supply } = desk;
  if (state.answered.has(offer.offerId)) return [];
  const endMs = Date.parse(offer.validUntil);
  state.answered.set(offer.offerId, endMs);
  const hand = handOf(desk, offer, nowMs);
  if (!hand || !(endMs > nowMs)) {
    state.truth.unanswerable++;
    return [];
  }
  count(desk, hand);
  return answerOffer({ ...hand, ledger: state.ledger, diversionAt: (atMs) => diversionOf(supply, hand.merchant, atMs) });
}

type Hand = Omit<OfferInHand, 'ledger' | 'diversionAt'>;

function handOf({ state, supply, clients }: Desk, offer: ReceivedOffer, nowMs: number): Hand | undefined {
  const index = Number(offer.clientId.slice(1)) - 1;
  const [client, life, merchant] = [clients[index], state.lives[index], supply.merchantById.get(offer.merchantId)];
  if (!client || client.clientId !== offer.clientId || !life || !merchant || leavesMs(client, life) <= nowMs) return undefined;
  return { market: supply, client, life, consents: consentsOf(client, life), merchant, offer, nowMs };
}

function diversionOf({ book }: Supply, merchant: Merchant, atMs: number): number | undefined {
  const diversion = book.active('payment-diversion', atMs);
  return diversion?.what === merchant.merchantId ? diversion.size : undefined;
}

function count({ state, supply }: Desk, hand: Hand): void {
  const { offer, life, merchant, nowMs } = hand;
  const arm = armOf(state.truth, offer.arm);
  arm.offers++;
  if (!hand.consents.offers) arm.withoutConsent++;
  life.arm = offer.arm;
  const wrong = supply.book.around(nowMs).find(({ kind, what }) => kind === 'wrong-term' && what === merchant.merchantId);
  if (wrong && offer.terms.discountPercent === wrong.size * 100) touch(state.truth, 'wrong-term');
  const campaigns = supply.campaignsAt(nowMs);
  if (campaigns.length > oracleCampaigns && keyOf(offer.offerId) % Math.ceil(campaigns.length / oracleCampaigns) !== 0) return;
  arm.compared++;
  arm.trueProbability += redemptionProbability(momentOf(hand));
  const best = bestPossible(supply, hand);
  arm.bestProbability += best.probability;
  const week = Math.floor((nowMs - state.options.startMs) / weekMs);
  compareWithOracle(state.truth, { arm: offer.arm, week, madeMinor: worthOf(hand), bestMinor: best.worthMinor });
}

/** What an oracle would have reached with the running campaigns at this moment, bound by no caps or budgets: in redemptions, and in worth, where no offer is worth nothing. */
function bestPossible(supply: Supply, hand: Pick<OfferInHand, 'market' | 'client' | 'life' | 'nowMs'>): { probability: number; worthMinor: number } {
  const best = { probability: 0, worthMinor: 0 };
  for (const { merchantId, terms: grid, startsAt } of supply.campaignsAt(hand.nowMs)) {
    const merchant = supply.merchantById.get(merchantId);
    if (!merchant || Date.parse(startsAt) > hand.nowMs) continue;
    for (const terms of grid) {
      const possible = { ...hand, merchant, offer: { terms } };
      best.probability = Math.max(best.probability, redemptionProbability(momentOf(possible)));
      best.worthMinor = Math.max(best.worthMinor, worthOf(possible));
    }
  }
  return best;
}

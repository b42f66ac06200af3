import { hashId, type BankEventData, type Place } from '@sp/contracts';
import { dayMs, localMidnightMs, minuteMs } from './calendar';
import { fatigueAt, feelContact, passPurchase, type ClientLife } from './client-life';
import type { Client } from './clients';
import { delivery, type Delivery } from './delivery';
import { drawsFor, keyOf, type Draws } from './draws';
import { categoryOf, type Merchant } from './merchants';
import { checkOf, hourOnDayMs, meanGapDays, purchaseOf, type Market } from './purchases';
import type { ReceivedOffer } from './received-offer';
import { acceptProbability, keptPromises, viewProbability, type OfferMoment } from './response-rule';

/** An offer in front of the client who got it. */
export interface OfferInHand {
  readonly market: Market;
  readonly client: Client;
  readonly life: ClientLife;
  readonly merchant: Merchant;
  readonly offer: ReceivedOffer;
  /** Nothing that the client does may be earlier. */
  readonly nowMs: number;
}

/** How the offer looks to the client at this instant, before he feels this contact. */
export function momentOf(hand: Omit<OfferInHand, 'offer' | 'market'> & { readonly offer: Pick<ReceivedOffer, 'terms'> }): OfferMoment {
  const { client, life, merchant, offer, nowMs } = hand;
  const lastMs = life.lastMs[merchant.category] ?? 0;
  const elapsedGaps = lastMs === 0 ? undefined : (nowMs - lastMs) / dayMs / meanGapDays(client, merchant.category, nowMs);
  return { client, merchant, terms: offer.terms, fatigue: fatigueAt(life, nowMs), elapsedGaps };
}

/** All that the client will do about the offer, by the hidden rule; draws depend on the offer's id alone. */
export function answerOffer(hand: OfferInHand): Delivery[] {
  const { life, offer, market, nowMs } = hand;
  const moment = momentOf(hand);
  const draws = drawsFor(market.seed, 'answer', keyOf(offer.offerId));
  feelContact(life, nowMs);
  const endMs = Date.parse(offer.validUntil);
  const viewedMs = nowMs + minuteMs + draws.exponential(45 * minuteMs);
  const accepts = draws.uniform();
  if (!draws.happens(viewProbability(moment.fatigue)) || viewedMs >= endMs - 10 * minuteMs) return [];
  const viewed = response(hand, viewedMs, { response: 'viewed' });
  const decidedMs = viewedMs + draws.between(0.2, 6) * minuteMs;
  if (accepts < acceptProbability(moment)) return [viewed, response(hand, decidedMs, { response: 'accepted' }), ...redemption(hand, draws, decidedMs, endMs)];
  return draws.happens(0.25) ? [viewed, response(hand, decidedMs, { response: 'declined', reason: draws.happens(0.85) ? 'not-interested' : 'unreachable' })] : [viewed];
}

function redemption(hand: OfferInHand, draws: Draws, acceptedMs: number, endMs: number): Delivery[] {
  if (!draws.happens(keptPromises)) return [];
  const { client, merchant, offer } = hand;
  const boughtMs = momentOfPurchaseMs(hand, draws, acceptedMs + 5 * minuteMs, endMs - 5 * minuteMs);
  const own = replacedPurchase(hand, draws, boughtMs, endMs);
  const wanted = own?.merchant === merchant ? own.amountMinor : checkOf(draws, client, merchant);
  const { minimumCheckMinor } = offer.terms;
  const amountMinor = wanted >= minimumCheckMinor ? wanted : Math.round(minimumCheckMinor * draws.between(1, 1.12));
  return bought(hand, boughtMs, amountMinor, own?.ours ? own.amountMinor : 0);
}

/** The purchase and the bank's report that the offer was redeemed by it. */
function bought(hand: OfferInHand, boughtMs: number, amountMinor: number, counterfactualMinor: number): Delivery[] {
  const { client, merchant, offer } = hand;
  const transactionId = hashId('t', offer.offerId);
  const { discountPercent, maximumDiscountMinor = Infinity } = offer.terms;
  const discountMinor = Math.round(Math.min((amountMinor * discountPercent) / 100, maximumDiscountMinor));
  const happening = { kind: 'redeemed', arm: offer.arm, clientIndex: client.index, spendMinor: amountMinor, discountMinor, counterfactualMinor } as const;
  const data = purchaseData(transactionId, merchant, amountMinor);
  const transaction = delivery('transaction.authorised', { id: transactionId, subject: client.clientId, timeMs: boughtMs, data, happening });
  return [transaction, response(hand, boughtMs + 1000, { response: 'redeemed', transactionId })];
}

export function purchaseData(transactionId: string, merchant: Merchant, amountMinor: number): BankEventData<'transaction.authorised'> {
  const location: { location?: Place } = merchant.location ? { location: merchant.location } : {};
  return {
    transactionId, kind: 'purchase', merchantId: merchant.merchantId, mcc: categoryOf(merchant).mcc, amountMinor, currency: 'EUR', channel: merchant.online ? 'online' : 'offline', ...location,
  };
}

/**
 * The client's own next purchase in the category, if this one takes its place: at the same merchant it would have happened
 * anyhow, elsewhere or with the other card it is moved to us. Undefined: the purchase is an extra one.
 */
function replacedPurchase(hand: OfferInHand, draws: Draws, boughtMs: number, endMs: number): ReturnType<typeof purchaseOf> | undefined {
  const { market, client, life, merchant, nowMs } = hand;
  const category = merchant.category;
  const due = life.dueMs[category] ?? Infinity;
  const horizonMs = endMs + 0.5 * meanGapDays(client, category, nowMs) * dayMs;
  if (!draws.happens(due <= endMs ? 0.75 : due <= horizonMs ? 0.4 : 0) || due === Infinity) {
    life.lastMs[category] = Math.max(boughtMs, life.lastMs[category] ?? 0);
    return undefined;
  }
  const own = purchaseOf(market, client, category, life.serial[category] ?? 0);
  passPurchase(market, client, life, category, boughtMs);
  return own;
}

/** Rather early in the validity, at an hour of the category's; within the bounds in any case. */
function momentOfPurchaseMs({ client, merchant }: OfferInHand, draws: Draws, earliestMs: number, latestMs: number): number {
  const wishedMs = earliestMs + draws.uniform() ** 1.5 * Math.min(latestMs - earliestMs, 12 * dayMs);
  const atHourMs = hourOnDayMs(draws, client, categoryOf(merchant), localMidnightMs(wishedMs));
  return atHourMs > earliestMs && atHourMs < latestMs ? atHourMs : wishedMs;
}

function response(hand: OfferInHand, timeMs: number, answer: Omit<BankEventData<'offer.responded'>, 'offerId'>): Delivery {
  const { client, offer } = hand;
  const kind = answer.response;
  const happening = kind === 'viewed' || kind === 'accepted' || kind === 'declined' ? ({ kind, arm: offer.arm } as const) : undefined;
  return delivery('offer.responded', {
    id: hashId('r', offer.offerId, kind), subject: client.clientId, timeMs, data: { offerId: offer.offerId, ...answer }, ...(happening && { happening }),
  });
}

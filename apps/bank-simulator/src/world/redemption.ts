import { hashId, type BankEventData } from '@sp/contracts';
import { categoryOf } from './merchants';
import { dayMs, hourMs, localMidnightMs, minuteMs } from './calendar';
import { leavesMs, passPurchase } from './client-life';
import { placeNear } from './city';
import { delivery, type Delivery } from './delivery';
import type { Draws } from './draws';
import { respond, type OfferInHand } from './offer-in-hand';
import { purchaseData } from './purchase-data';
import { keepWithoutOffers, ownTransactionId } from './own-purchases';
import { checkOf, dueMs, hourOnDayMs, meanGapDays, purchaseOf, type Purchase } from './purchases';
import type { Redeemed } from './truth';
import { keptPromises } from './response-rule';

const honestlyRefusedShare = 0.025;
const confirmedShare = 0.9;
/** Nobody has in mind today what he would have bought after that. */
export const longestAheadDays = 30;
/** How often an own purchase gives way: one that is due in the offer's time, and one that is due soon after. */
export const replacedShares = { due: 0.75, ahead: 0.4 } as const;

/** What comes of an accepted offer: nothing, a purchase with the merchant's confirmation, or a refusal, honest or not. */
export function redemption(hand: OfferInHand, draws: Draws, acceptedMs: number, endMs: number): Delivery[] {
  if (!draws.happens(keptPromises)) return [];
  const fate = draws.uniform();
  if (hand.market.world === 'no-effect') return redeemedAnyhow(hand, draws, acceptedMs, endMs);
  const boughtMs = momentOfPurchaseMs(hand, draws, acceptedMs + 5 * minuteMs, endMs - 5 * minuteMs);
  if (hand.market.closedAt(boughtMs) === hand.merchant.index || fate < honestlyRefusedShare) return [refusal(hand, boughtMs, 'no-capacity')];
  const diversion = hand.diversionAt(boughtMs);
  const own = replacedPurchase(hand, draws, boughtMs, endMs);
  const wanted = own?.merchant === hand.merchant ? own.amountMinor : checkOf(draws, hand.client, hand.merchant);
  const { minimumCheckMinor } = hand.offer.terms;
  const amountMinor = wanted >= minimumCheckMinor ? wanted : Math.round(minimumCheckMinor * draws.between(1, 1.12));
  if (diversion !== undefined && draws.happens(diversion)) return paidPastTheBank(hand, draws, boughtMs, amountMinor);
  return bought(hand, draws, boughtMs, { spendMinor: amountMinor, counterfactualMinor: own?.ours && !own.takenBack ? own.amountMinor : 0 });
}

/** The purchase, the bank's report that the offer was redeemed by it, and what the merchant says of it later. */
function bought(hand: OfferInHand, draws: Draws, boughtMs: number, money: Pick<Redeemed, 'spendMinor' | 'counterfactualMinor'>): Delivery[] {
  const { client, merchant, offer } = hand;
  const transactionId = hashId('t', offer.offerId);
  const happening = { ...redeemed(hand, money), ownPurchase: false };
  const data = purchaseData(transactionId, merchant, money.spendMinor);
  return [delivery('transaction.authorised', { id: transactionId, subject: client.clientId, timeMs: boughtMs, data, happening }), ...reported(hand, draws, boughtMs, transactionId)];
}

function redeemed({ client, merchant, offer }: OfferInHand, { spendMinor, counterfactualMinor }: Pick<Redeemed, 'spendMinor' | 'counterfactualMinor'>) {
  const { discountPercent, maximumDiscountMinor = Infinity } = offer.terms;
  const discountMinor = Math.round(Math.min((spendMinor * discountPercent) / 100, maximumDiscountMinor));
  return { kind: 'redeemed', arm: offer.arm, clientIndex: client.index, merchantIndex: merchant.index, spendMinor, discountMinor, counterfactualMinor } as const;
}

function reported(hand: OfferInHand, draws: Draws, boughtMs: number, transactionId: string): Delivery[] {
  const made = [respond(hand, boughtMs + 1000, { response: 'redeemed', transactionId })];
  if (!draws.happens(confirmedShare)) return made;
  const confirmedMs = boughtMs + draws.between(1, 30) * hourMs;
  return [...made, respond(hand, confirmedMs, { response: 'confirmed-by-merchant', transactionId }, { kind: 'confirmed', arm: hand.offer.arm })];
}

function refusal(hand: OfferInHand, atMs: number, reason: 'no-capacity' | 'other'): Delivery {
  return respond(hand, atMs + 10 * minuteMs, { response: 'refused-by-merchant', reason }, { kind: 'refusedHonestly', arm: hand.offer.arm });
}

/** The merchant reports a refusal and takes the money another way; half of the times the bank can see that the client was there. */
function paidPastTheBank(hand: OfferInHand, draws: Draws, boughtMs: number, amountMinor: number): Delivery[] {
  const { client, merchant, offer } = hand;
  const traces = draws.happens(0.5);
  const happening = { kind: 'diverted', arm: offer.arm, clientIndex: client.index, merchantIndex: merchant.index, spendMinor: amountMinor, traces } as const;
  const refused = respond(hand, boughtMs + 10 * minuteMs, { response: 'refused-by-merchant', reason: 'other' }, happening);
  return traces ? [...cashAndPosition(hand, draws, boughtMs, amountMinor), refused] : [refused];
}

function cashAndPosition({ client, merchant, offer, consents }: OfferInHand, draws: Draws, boughtMs: number, amountMinor: number): Delivery[] {
  const subject = client.clientId;
  const transactionId = hashId('t', offer.offerId, 'cash');
  const cash: BankEventData<'transaction.authorised'> = { transactionId, kind: 'cash', amountMinor: Math.ceil(amountMinor / 1000) * 1000, currency: 'EUR', channel: 'offline' };
  const made = [delivery('transaction.authorised', { id: transactionId, subject, timeMs: boughtMs - draws.between(3, 20) * minuteMs, data: cash })];
  if (!merchant.location || !consents.geo) return made;
  const data = { ...placeNear(draws, merchant.location, 0.05), accuracyMeters: Math.round(10 + draws.exponential(25)) };
  return [...made, delivery('client.located', { id: hashId('l', offer.offerId), subject, timeMs: boughtMs - minuteMs, data })];
}

/** In the world without effect: redeemed by the own purchase that comes to this merchant in time and by our card, if one does. */
function redeemedAnyhow(hand: OfferInHand, draws: Draws, acceptedMs: number, endMs: number): Delivery[] {
  const { market, client, life, merchant, offer } = hand;
  const { category } = merchant;
  let serial = life.serial[category] ?? 0;
  for (let atMs = life.dueMs[category] ?? Infinity; atMs < endMs; atMs = dueMs(market, client, category, ++serial, atMs)) {
    const own = purchaseOf(market, client, category, serial, atMs);
    if (atMs < acceptedMs || own.merchant !== merchant || !own.ours || own.takenBack || own.amountMinor < offer.terms.minimumCheckMinor) continue;
    const happening = { ...redeemed(hand, { spendMinor: own.amountMinor, counterfactualMinor: own.amountMinor }), ownPurchase: true };
    const [report, ...later] = reported(hand, draws, atMs, ownTransactionId(client, category, serial));
    return report ? [{ ...report, happening }, ...later] : [];
  }
  return [];
}

/**
 * The client's own next purchase in the category, if this one takes its place: at the same merchant it would have happened
 * anyhow, elsewhere or with the other card it is moved to us. Undefined: the purchase is an extra one.
 */
function replacedPurchase(hand: OfferInHand, draws: Draws, boughtMs: number, endMs: number): Purchase | undefined {
  const { market, ledger, client, life, merchant, nowMs } = hand;
  const category = merchant.category;
  const due = life.dueMs[category] ?? Infinity;
  const horizonMs = endMs + Math.min(longestAheadDays, 0.5 * meanGapDays(market, client, category, nowMs)) * dayMs;
  if (!draws.happens(due <= endMs ? replacedShares.due : due <= horizonMs ? replacedShares.ahead : 0) || due >= leavesMs(client, life)) {
    life.lastMs[category] = Math.max(boughtMs, life.lastMs[category] ?? 0);
    return undefined;
  }
  const own = purchaseOf(market, client, category, life.serial[category] ?? 0, due);
  keepWithoutOffers(ledger, client, own, due);
  passPurchase(market, client, life, category, boughtMs);
  return own;
}

/** Rather early in the validity, at an hour of the category's; within the bounds in any case. */
function momentOfPurchaseMs({ client, merchant }: OfferInHand, draws: Draws, earliestMs: number, latestMs: number): number {
  const wishedMs = earliestMs + draws.uniform() ** 1.5 * Math.min(latestMs - earliestMs, 12 * dayMs);
  const atHourMs = hourOnDayMs(draws, client, categoryOf(merchant), localMidnightMs(wishedMs));
  return atHourMs > earliestMs && atHourMs < latestMs ? atHourMs : wishedMs;
}

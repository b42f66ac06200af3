import { dayMs, hourMs, minuteMs } from './calendar';
import { purchaseData } from './answer-offer';
import { placeNear } from './city';
import { passPurchase, type ClientLife } from './client-life';
import type { Client } from './clients';
import { delivery, type Delivery } from './delivery';
import { drawsFor } from './draws';
import { purchaseOf, type Market, type Purchase } from './purchases';

const reversedShare = 0.004;

/** What the client buys of his own accord before `endMs`; the bank sees only what is paid with its card. */
export function ownPurchases(market: Market, client: Client, life: ClientLife, startMs: number, endMs: number): Delivery[] {
  const seen: Delivery[] = [];
  for (let category = 0; category < life.dueMs.length; category++) {
    for (let due = life.dueMs[category] ?? Infinity; due < endMs; due = life.dueMs[category] ?? Infinity) {
      const serial = life.serial[category] ?? 0;
      const purchase = purchaseOf(market, client, category, serial);
      passPurchase(market, client, life, category, due);
      life.totalMinor += purchase.amountMinor;
      if (!purchase.ours) continue;
      life.oursMinor += purchase.amountMinor;
      seen.push(...paidWithOurs(market, client, purchase, { category, serial, dueMs: due, startMs: Math.max(startMs, life.registeredMs + minuteMs) }));
    }
  }
  return seen;
}

function paidWithOurs(market: Market, client: Client, purchase: Purchase, at: { category: number; serial: number; dueMs: number; startMs: number }): Delivery[] {
  const { category, serial, dueMs } = at;
  const subject = client.clientId;
  const transactionId = `t-${subject}-k${category}-n${serial}`;
  const made = [delivery('transaction.authorised', { id: transactionId, subject, timeMs: dueMs, data: purchaseData(transactionId, purchase.merchant, purchase.amountMinor) })];
  const draws = drawsFor(market.seed, 'purchase', client.index, category, serial, 2);
  const place = purchase.merchant.location;
  if (place && client.consents.geo && draws.happens(0.5)) {
    const accuracyMeters = Math.round(10 + draws.exponential(25));
    const timeMs = Math.max(at.startMs, dueMs - draws.between(4, 25) * minuteMs);
    made.push(delivery('client.located', { id: `l-${transactionId}`, subject, timeMs, data: { ...placeNear(draws, place, 0.15), accuracyMeters } }));
  }
  if (draws.happens(reversedShare)) {
    const happening = { kind: 'reversed', clientIndex: client.index, amountMinor: purchase.amountMinor } as const;
    made.push(delivery('transaction.reversed', { id: `v-${transactionId}`, subject, timeMs: dueMs + draws.between(2 * hourMs, 3 * dayMs), data: { transactionId }, happening }));
  }
  return made;
}

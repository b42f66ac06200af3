import { dayMs, hourMs, minuteMs } from './calendar';
import { placeNear } from './city';
import { consentsOf, leavesMs, passPurchase, type ClientLife } from './client-life';
import type { Client } from './clients';
import { delivery, type Delivery } from './delivery';
import { drawsFor } from './draws';
import { withHabit } from './habits';
import type { Ledger } from './ledger';
import { purchaseData } from './purchase-data';
import { purchaseOf, type Market, type Purchase } from './purchases';

export interface Living {
  readonly market: Market;
  readonly ledger: Ledger;
  readonly client: Client;
  readonly life: ClientLife;
}

interface OwnPurchase extends Purchase {
  readonly transactionId: string;
  readonly category: number;
  readonly serial: number;
  readonly atMs: number;
}

/** What the client buys of his own accord before `endMs`; the bank sees only what is paid with its card. */
export function ownPurchases(living: Living, startMs: number, endMs: number): Delivery[] {
  const { life } = living;
  const untilMs = Math.min(endMs, leavesMs(living.client, life));
  const seen: Delivery[] = [];
  for (let category = 0; category < life.dueMs.length; category++) {
    for (let due = life.dueMs[category] ?? Infinity; due < untilMs; due = life.dueMs[category] ?? Infinity) {
      for (const own of purchasesAt(living, category, due)) seen.push(...buy(living, own, startMs));
    }
  }
  return seen;
}

/** The one that falls due, as it would have been without any offer; habits that offers have formed may change it and add another. */
function purchasesAt({ market, ledger, client, life }: Living, category: number, atMs: number): OwnPurchase[] {
  const serial = life.serial[category] ?? 0;
  const purchase = purchaseOf(market, client, category, serial, atMs);
  passPurchase(market, client, life, category, atMs);
  keepWithoutOffers(ledger, client, purchase, atMs);
  const made = market.world === 'habit' ? withHabit(market, client, life, { purchase, serial, dueMs: atMs }) : [purchase];
  return made.map((one, place) => ({ ...one, transactionId: ownTransactionId(client, category, serial, place), category, serial, atMs: atMs + place * 20 * minuteMs }));
}

export function ownTransactionId(client: Client, category: number, serial: number, place = 0): string {
  return `t-${client.clientId}-k${category}-n${serial}${place === 0 ? '' : `-x${place}`}`;
}

/** What would have been bought had there never been an offer. */
export function keepWithoutOffers(ledger: Ledger, client: Client, purchase: Purchase, atMs: number): void {
  const { amountMinor, ours, takenBack, merchant } = purchase;
  if (!takenBack) ledger.withoutOffers(client.index, atMs, { amountMinor, ours, marginPercent: merchant.marginPercent });
}

function buy(living: Living, own: OwnPurchase, startMs: number): Delivery[] {
  const { ledger, client, life } = living;
  const { amountMinor, ours, takenBack, merchant, transactionId, atMs } = own;
  if (!takenBack) ledger.actual(client.index, atMs, { amountMinor, ours, marginPercent: merchant.marginPercent });
  if (!ours) return [];
  const subject = client.clientId;
  const made = [delivery('transaction.authorised', { id: transactionId, subject, timeMs: atMs, data: purchaseData(transactionId, merchant, amountMinor) })];
  const draws = drawsFor(living.market.seed, 'purchase', client.index, own.category, own.serial, 2);
  if (merchant.location && consentsOf(client, life).geo && draws.happens(0.5)) {
    const accuracyMeters = Math.round(10 + draws.exponential(25));
    const timeMs = Math.max(startMs, life.registeredMs + minuteMs, atMs - draws.between(4, 25) * minuteMs);
    made.push(delivery('client.located', { id: `l-${transactionId}`, subject, timeMs, data: { ...placeNear(draws, merchant.location, 0.15), accuracyMeters } }));
  }
  if (takenBack) made.push(delivery('transaction.reversed', { id: `v-${transactionId}`, subject, timeMs: atMs + draws.between(2 * hourMs, 3 * dayMs), data: { transactionId } }));
  return made;
}

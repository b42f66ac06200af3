import type { Booking } from './feature-group';
import { fingerprint } from './fingerprint';
import { fingerprintCodec, flags, integer, list, nullable, record, repeated, rising, text } from './stored/codec';
import { dayMs } from './time-units';

/** Purchases that may still be reversed, in the order of arrival; one column a field, since a client has up to 200 of them. */
export interface Authorisations {
  readonly ids: number[];
  readonly timesMs: number[];
  /** What is not reversed yet. */
  readonly leftMinor: number[];
  readonly currencies: string[];
  readonly online: boolean[];
  readonly merchantIds: (string | null)[];
  readonly mccs: (number | null)[];
}

/** Card schemes allow a dispute for about 120 days; beyond that a purchase stands. */
export const rememberedDays = 120;
/** Bounds a client's state: about two purchases a day over the 120 days. */
const rememberedPurchases = 200;

export const authorisationsCodec = record<Authorisations>({
  ids: list(fingerprintCodec), timesMs: rising, leftMinor: list(integer), currencies: repeated(text), online: flags,
  merchantIds: repeated(nullable(text)), mccs: repeated(nullable(integer)),
});

export function noAuthorisations(): Authorisations {
  return { ids: [], timesMs: [], leftMinor: [], currencies: [], online: [], merchantIds: [], mccs: [] };
}

/** Remembers a purchase; false if one of this id is remembered already. `nowMs` is the client's latest time. */
export function remember(known: Authorisations, transactionId: string, purchase: Booking, nowMs: number): boolean {
  const id = fingerprint(transactionId);
  if (known.ids.lastIndexOf(id) >= 0) return false;
  known.ids.push(id);
  known.timesMs.push(purchase.timeMs);
  known.leftMinor.push(purchase.amountMinor);
  known.currencies.push(purchase.currency);
  known.online.push(purchase.online);
  known.merchantIds.push(purchase.merchantId ?? null);
  known.mccs.push(purchase.mcc ?? null);
  while (known.ids.length > rememberedPurchases || (known.timesMs[0] ?? Infinity) < nowMs - rememberedDays * dayMs) forgetFirst(known);
  return true;
}

/** The remembered purchase with what is left of its amount; undefined if it is not remembered. */
export function recall(known: Authorisations, transactionId: string): Booking | undefined {
  const row = known.ids.lastIndexOf(fingerprint(transactionId));
  const [timeMs, amountMinor, currency, online] = [known.timesMs[row], known.leftMinor[row], known.currencies[row], known.online[row]];
  if (timeMs === undefined || amountMinor === undefined || currency === undefined || online === undefined) return undefined;
  return { timeMs, amountMinor, currency, online, merchantId: known.merchantIds[row] ?? undefined, mcc: known.mccs[row] ?? undefined };
}

/** Notes how much of a remembered purchase is left. */
export function keepLeft(known: Authorisations, transactionId: string, leftMinor: number): void {
  const row = known.ids.lastIndexOf(fingerprint(transactionId));
  if (row >= 0) known.leftMinor[row] = leftMinor;
}

function forgetFirst({ ids, timesMs, leftMinor, currencies, online, merchantIds, mccs }: Authorisations): void {
  for (const column of [ids, timesMs, leftMinor, currencies, online, merchantIds, mccs]) column.shift();
}

import type { LineEvent, LineEventOf } from '@sp/contracts';
import { isClientEvent, type ClientEvent } from '../fold-client';

/** What clients' features come from: the clients' own events, the merchants, and the ticks at which timers fire. */
export type FoldInput = ClientEvent | LineEventOf<'merchant.registered' | 'clock.ticked'>;

/** A stored input; its `data` is that of `inputDataOf`. */
export type StoredInput = Pick<LineEvent, 'type' | 'id' | 'source' | 'subject' | 'timeMs'> & { readonly data: Readonly<Record<string, unknown>> };

/** The fields that the fold reads, and no others: what no feature needs is not kept for the back-fill. */
const fieldsRead = {
  'client.registered': ['birthYear', 'segment', 'incomeMinor', 'memberSince', 'cardSince', 'home', 'timeZone', 'consents'],
  'client.consent.changed': ['consents'],
  'client.erasure.requested': [],
  'transaction.authorised': ['transactionId', 'kind', 'merchantId', 'mcc', 'amountMinor', 'currency', 'channel'],
  'transaction.reversed': ['transactionId', 'amountMinor'],
  'client.located': ['lat', 'lon', 'accuracyMeters'],
  'client.acted': ['action', 'sessionId', 'entryPoint', 'mcc', 'merchantId'],
  'offer.responded': ['offerId', 'response'],
  'offer.recorded': ['offerId'],
  'decision.requested': [],
  'merchant.registered': ['merchantId', 'mcc', 'location'],
  'clock.ticked': [],
} as const satisfies Record<FoldInput['type'], readonly string[]>;

/** Of every event that the fold takes in, but the ticks, which say nothing of a client. */
export const foldInputTypes: readonly string[] = Object.keys(fieldsRead).filter((type) => type !== 'clock.ticked');

export function isFoldInput(event: LineEvent): event is FoldInput {
  return isClientEvent(event) || event.type === 'merchant.registered' || event.type === 'clock.ticked';
}

/** What of an input is to be stored, so that the fold over stored inputs ends as the fold over the log did: money as it was cleaned for features. */
export function inputDataOf({ type, data, cleaning }: FoldInput): Record<string, unknown> {
  const { amountMinor, currency } = cleaning ?? {};
  const given: Readonly<Record<string, unknown>> = { ...data, ...(amountMinor !== undefined && { amountMinor }), ...(currency !== undefined && { currency }) };
  return Object.fromEntries(fieldsRead[type].flatMap((field) => (given[field] === undefined ? [] : [[field, given[field]]])));
}

/** The input again; what was not stored is empty. Throws on a type that the fold does not know. */
export function inputFrom(stored: StoredInput): FoldInput {
  if (!(stored.type in fieldsRead)) throw new RangeError(`the fold of clients takes no ${stored.type}`);
  const data = stored.type === 'decision.requested' ? { context: {}, replySubject: '' } : stored.data;
  return { ...stored, data } as FoldInput;
}

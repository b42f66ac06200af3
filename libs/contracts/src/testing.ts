import type { BankEventData, BankEventType } from './bank-events';
import type { LineEventOf } from './line-events';

/** 2026-01-05 00:00 UTC, a Monday: the day on which tests begin. */
export const mondayMs = Date.UTC(2026, 0, 5);

const defaults: { [T in BankEventType]: BankEventData<T> } = {
  'client.registered': { timeZone: 'UTC', segment: 'mass', birthYear: 1990, home: { lat: 52.5, lon: 13.4 }, consents: { offers: true, geo: true } },
  'client.consent.changed': { consents: { offers: false, geo: false } },
  'client.erasure.requested': {},
  'merchant.registered': { merchantId: 'm-1', name: 'Corner bakery', mcc: 5462, location: { lat: 52.5, lon: 13.4 }, online: false, priceLevel: 2, partner: true },
  'campaign.published': {
    campaignId: 'k-1', merchantId: 'm-1', objective: 'spend', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-12-31T00:00:00Z', budgetMinor: 1_000_000, currency: 'EUR', marginPercent: 30,
    terms: [{ discountPercent: 10, validityDays: 7, minimumCheckMinor: 1000 }],
  },
  'transaction.authorised': { transactionId: 't-1', kind: 'purchase', merchantId: 'm-1', mcc: 5462, amountMinor: 1250, currency: 'EUR', channel: 'offline' },
  'transaction.reversed': { transactionId: 't-1' },
  'client.located': { lat: 52.5, lon: 13.4, accuracyMeters: 20 },
  'client.acted': { action: 'app-opened' },
  'offer.responded': { offerId: 'o-1', response: 'viewed' },
  'offer.recorded': { offerId: 'o-1', campaignId: 'k-1', terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1000 } },
  'rate.published': { base: 'EUR', quote: 'USD', rate: 1.1 },
};

let counter = 0;

/** A valid event of the type, with what the test cares about written over. */
export function anEvent<T extends BankEventType>(
  type: T,
  over: { readonly subject?: string; readonly id?: string; readonly timeMs?: number; readonly data?: Partial<BankEventData<T>> } = {},
): LineEventOf<T> {
  const data = { ...(defaults[type] as object), ...(over.data as object | undefined) };
  const own = (data as { campaignId?: string; merchantId?: string })[type === 'campaign.published' ? 'campaignId' : 'merchantId'];
  const isShared = type === 'campaign.published' || type === 'merchant.registered';
  const subject = over.subject ?? (isShared ? own : 'c-1');
  return { type, id: over.id ?? `e-${++counter}`, source: 'test', subject, timeMs: over.timeMs ?? mondayMs, data } as unknown as LineEventOf<T>;
}

/** The same as a CloudEvents envelope, as a bank would send it. */
export function asEnvelope(event: { type: string; id: string; source: string; subject: string; timeMs: number; data: unknown }): Record<string, unknown> {
  const { type, id, source, subject, data } = event;
  return { specversion: '1.0', id, source, type, subject, time: new Date(event.timeMs).toISOString(), data };
}

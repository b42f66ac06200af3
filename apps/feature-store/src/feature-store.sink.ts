import { reversals, transactions, type LinePlace, type SinkRow } from '@sp/clickhouse';
import type { LineEvent, LineEventOf } from '@sp/contracts';
import { row } from '@sp/platform';

export const featureStoreTables = [transactions];

/** Every booking, and every reversal with what this stage knows of its original. */
export function rowsOfFeatureStore(events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  return events.flatMap((event, ordinal) => {
    if (event.type === 'transaction.authorised') return [row(transactions, { ...placeOf(ordinal), ...booking(event) })];
    if (event.type === 'purchase.reversed') return [row(transactions, { ...placeOf(ordinal), ...takenBack(event) })];
    return [];
  });
}

function booking({ subject, timeMs, data }: LineEventOf<'transaction.authorised'>) {
  const { transactionId, kind, merchantId = '', mcc = 0, amountMinor, currency, channel } = data;
  return { transactionId, clientId: subject, time: timeMs, kind, merchantId, mcc, amountMinor, currency, channel, reversed: reversals.none };
}

function takenBack({ subject, timeMs, data }: LineEventOf<'purchase.reversed'>) {
  const { transactionId, isWhole, merchantId = '', mcc = 0, amountMinor, currency, channel } = data;
  return { transactionId, clientId: subject, time: timeMs, kind: 'purchase', merchantId, mcc, amountMinor, currency, channel, reversed: isWhole ? reversals.whole : reversals.part };
}

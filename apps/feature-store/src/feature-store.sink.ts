import { featureInputs, reversals, transactions, type LinePlace, type SinkRow } from '@sp/clickhouse';
import type { LineEvent, LineEventOf } from '@sp/contracts';
import { inputDataOf, isFoldInput } from '@sp/features';
import { row } from '@sp/platform';
import type { GeoConsents } from './geo-consents';

export const featureStoreTables = [transactions];
export const featureInputTables = [featureInputs];

/** Everything that the fold takes in, as the log has it: the source of the back-fill. A place without consent is left out of its row. */
export function rowsOfInputs(consents: GeoConsents): (events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace) => SinkRow<LinePlace>[] {
  return (events, placeOf) =>
    events.flatMap((event, ordinal) => {
      if (!isFoldInput(event)) return [];
      consents.hear(event);
      const data = event.type === 'client.located' && !consents.isGiven(event.subject) ? {} : inputDataOf(event);
      const { subject, type, id: eventId, source, timeMs: time } = event;
      return [row(featureInputs, { ...placeOf(ordinal), subject, type, eventId, source, time, data: JSON.stringify(data) })];
    });
}

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

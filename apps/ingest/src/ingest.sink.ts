import { deadLetterRows, eventCounts, responses, type LinePlace, type SinkRow } from '@sp/clickhouse';
import { deadLetters, type LineEvent } from '@sp/contracts';
import { row, type SinkSource } from '@sp/platform';
import type { DeadLetter } from './dead-letter-box';

const minuteMs = 60_000;

export const ingestTables = [eventCounts, responses];

/** How many events of which type in which minute of event time, and what clients and merchants answered. */
export function rowsOfIngest(events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  const rows: SinkRow<LinePlace>[] = [];
  const counts = new Map<string, { minute: number; type: string; count: number; ordinal: number }>();
  for (const [ordinal, event] of events.entries()) {
    const minute = Math.floor(event.timeMs / minuteMs) * minuteMs;
    const count = counts.get(`${minute} ${event.type}`);
    if (count) count.count++;
    else counts.set(`${minute} ${event.type}`, { minute, type: event.type, count: 1, ordinal });
    if (event.type !== 'offer.responded') continue;
    const { offerId, response, reason = '', transactionId = '' } = event.data;
    rows.push(row(responses, { ...placeOf(ordinal), offerId, clientId: event.subject, time: event.timeMs, response, reason, transactionId }));
  }
  for (const { ordinal, ...count } of counts.values()) rows.push(row(eventCounts, { ...placeOf(ordinal), ...count }));
  return rows;
}

/** What was refused at any door, one message for the items of one request. */
export const deadLetterSource: SinkSource<DeadLetter> = {
  streamOf: () => deadLetters.stream,
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as DeadLetter[],
};

export const deadLetterTables = [deadLetterRows];

export function rowsOfDeadLetters(letters: readonly DeadLetter[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  return letters.map(({ origin, time, ...letter }, ordinal) => row(deadLetterRows, { ...placeOf(ordinal), ...letter, source: origin, time: Date.parse(time) }));
}

import { corrections, deadLetterRows, eventCounts, responses, type LinePlace, type SinkRow } from '@sp/clickhouse';
import { deadLetters, readDeadLetterEntries, type DeadLetterEntry, type LineEvent } from '@sp/contracts';
import { row, type SinkSource } from '@sp/platform';

const minuteMs = 60_000;

export const ingestTables = [eventCounts, responses, corrections];

/** How many events of which type in which minute of event time, what clients and merchants answered, and what was corrected. */
export function rowsOfIngest(events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  const rows: SinkRow<LinePlace>[] = [];
  const counts = new Map<string, { minute: number; type: string; count: number; ordinal: number }>();
  for (const [ordinal, event] of events.entries()) {
    const minute = Math.floor(event.timeMs / minuteMs) * minuteMs;
    const count = counts.get(`${minute} ${event.type}`);
    if (count) count.count++;
    else counts.set(`${minute} ${event.type}`, { minute, type: event.type, count: 1, ordinal });
    if (event.cleaning) rows.push(...correctionRows(event, placeOf(ordinal)));
    if (event.type !== 'offer.responded') continue;
    const { offerId, response, reason = '', transactionId = '' } = event.data;
    rows.push(row(responses, { ...placeOf(ordinal), offerId, clientId: event.subject, time: event.timeMs, response, reason, transactionId }));
  }
  for (const { ordinal, ...count } of counts.values()) rows.push(row(eventCounts, { ...placeOf(ordinal), ...count }));
  return rows;
}

function correctionRows({ id, type, source, subject, timeMs, cleaning }: LineEvent, place: LinePlace): SinkRow<LinePlace>[] {
  const text = (value: unknown): string => (value === null ? '' : String(value));
  return cleaning!.corrections.map(({ rule, field, before, after }) => row(corrections, { ...place, eventId: id, type, source, subject, time: timeMs, rule, field, before: text(before), after: text(after) }));
}

/** What was refused at any door, one message for the items of one request. */
export const deadLetterSource: SinkSource<DeadLetterEntry | undefined> = {
  streamOf: () => deadLetters.stream,
  decode: readDeadLetterEntries,
};

export const deadLetterTables = [deadLetterRows];

/** Every refusal for later questions; what became of a letter is folded from the stream, which operators read. */
export function rowsOfDeadLetters(entries: readonly (DeadLetterEntry | undefined)[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  return entries.flatMap((entry, ordinal) => {
    if (entry?.kind !== 'refused') return [];
    const { id, timeMs, stage, reason, field, origin, position, event, payload, message } = entry;
    return [row(deadLetterRows, { ...placeOf(ordinal), id, time: timeMs, stage, reason, field, source: `${origin}:${position}`, eventId: event?.id ?? '', payload, detail: message })];
  });
}

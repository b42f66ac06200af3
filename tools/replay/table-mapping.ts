import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '@sp/testing';
import { columnsOf } from './cells';
import type { EventRule, MappingFile } from './mapping-file';
import type { Mapping, ReplayInput } from './mapping';
import { rejected, type OutgoingEvent, type Produced } from './produced';
import { rowReader, type RowReader } from './row-reader';
import { readTable, type TableRow } from './table';

/** A mapping written as a JSON file (docs/replay.md) at work on anybody's CSV or NDJSON. */
export function tableMapping(file: MappingFile): Mapping {
  return { name: file.name, produce: (input) => (file.sort ? sorted(produce(file, input)) : produce(file, input)) };
}

async function* produce(file: MappingFile, input: ReplayInput): AsyncGenerator<Produced> {
  const source = file.source ?? file.name;
  const rules = file.events.map((rule) => rowReader(rule, source, file.timeZone));
  const files = tableFiles(input.path);
  const format = file.format ?? formatOf(files);
  let first = true;
  for await (const row of readTable(files, { tally: input.tally, rowLimit: input.lineLimit, format, ...file.csv, requiredColumns: columnsNeeded(file) })) {
    const made = row.kind === 'row' ? eventsOf(row, rules) : [row];
    for (const one of made) {
      if (one.kind === 'event' && first) yield* firstEvents(file, source, one.event.timeMs);
      if (one.kind === 'event') first = false;
      yield one;
    }
  }
}

/** The line is told by its first event; where no rule wants the row, or one cannot read it, the whole row is rejected. */
function eventsOf(row: TableRow, readers: readonly RowReader[]): Produced[] {
  const wanting = readers.filter((reader) => reader.wants(row));
  if (wanting.length === 0) return [rejected('no event type is for this row', row)];
  const fresh = wanting.filter((reader) => !reader.isAgain(row));
  if (fresh.length === 0) return [rejected('once only, and seen before', row)];
  const events: OutgoingEvent[] = [];
  for (const reader of fresh) {
    const event = reader.read(row);
    if (!event.ok) return [rejected(event.reason, row)];
    events.push(event.value);
  }
  for (const reader of fresh) reader.taken(row);
  return events.map((event, index) => ({ kind: 'event', event, lines: index === 0 ? row.lines : 0, origin: row.origin }));
}

function* firstEvents(file: MappingFile, source: string, timeMs: number): Generator<Produced> {
  for (const { time, ...event } of file.first) {
    yield { kind: 'event', event: { ...event, source, timeMs: time === undefined ? timeMs : Date.parse(time) }, lines: 0 };
  }
}

async function* sorted(produced: AsyncIterable<Produced>): AsyncGenerator<Produced> {
  const events: Extract<Produced, { kind: 'event' }>[] = [];
  for await (const one of produced) {
    if (one.kind === 'event') events.push(one);
    else yield one;
  }
  // Events of the mapping's own stand before the rows, but took the time of the row that came first in the file.
  const own = events.filter(({ origin }) => !origin);
  const rows = events.filter(({ origin }) => origin).sort((one, other) => one.event.timeMs - other.event.timeMs);
  const earliestMs = rows[0]?.event.timeMs ?? Infinity;
  for (const one of own) yield { ...one, event: { ...one.event, timeMs: Math.min(one.event.timeMs, earliestMs) } };
  yield* rows;
}

function columnsNeeded(file: MappingFile): string[] {
  const ofRule = (rule: EventRule): string[] => [
    rule.time.column,
    ...[rule.when].flat().map(({ column }) => column),
    ...[rule.id, rule.subject, rule.oncePer ?? ''].flatMap(columnsOf),
    ...(typeof rule.currency === 'object' ? [rule.currency.column] : []),
    ...Object.values(rule.data).flatMap((field) => ('column' in field ? [field.column] : 'template' in field ? columnsOf(field.template) : [])),
  ];
  return [...new Set(file.events.flatMap(ofRule))];
}

/** The file itself, or a folder's tables by name. */
function tableFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((file) => /\.(csv|ndjson|jsonl)(\.gz)?$/.test(file)).sort();
  if (files.length === 0) throw new Refusal(`${path} holds no .csv, .ndjson or .jsonl file (nor .gz of them).`);
  return files.map((file) => join(path, file));
}

function formatOf(files: readonly string[]): 'csv' | 'ndjson' {
  return /\.(ndjson|jsonl)(\.gz)?$/.test(files[0] ?? '') ? 'ndjson' : 'csv';
}

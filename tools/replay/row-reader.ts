import { conditionHolds, fieldReader, templateReader } from './cells';
import type { EventRule } from './mapping-file';
import type { Converted } from './money';
import type { OutgoingEvent } from './produced';
import type { TableRow } from './table';
import { hoursSinceReader, timeReader } from './time-format';

/** One rule of a mapping file at work: what it makes of a row. */
export interface RowReader {
  wants(row: TableRow): boolean;
  /** Has this client (or whatever `oncePer` says) been taken before? */
  isAgain(row: TableRow): boolean;
  read(row: TableRow): Converted<OutgoingEvent>;
  /** The row became events; said apart from `read`, since another rule may still refuse the row. */
  taken(row: TableRow): void;
}

export function rowReader(rule: EventRule, source: string, timeZone: string): RowReader {
  const conditions = [rule.when].flat().map(conditionHolds);
  return { wants: (row) => conditions.every((holds) => holds(row)), ...onceReader(rule), read: eventReader(rule, source, timeZone) };
}

function onceReader({ oncePer }: EventRule): Pick<RowReader, 'isAgain' | 'taken'> {
  if (oncePer === undefined) return { isAgain: () => false, taken: () => undefined };
  const read = templateReader(oncePer);
  const keyOf = (row: TableRow): string => {
    const key = read(row);
    return key.ok ? key.value : '';
  };
  const seen = new Set<string>();
  return { isAgain: (row) => seen.has(keyOf(row)), taken: (row) => void seen.add(keyOf(row)) };
}

function eventReader(rule: EventRule, source: string, timeZone: string): (row: TableRow) => Converted<OutgoingEvent> {
  const [readId, readSubject] = [templateReader(rule.id), templateReader(rule.subject)];
  const readTime = 'hoursSince' in rule.time ? hoursSinceReader(Date.parse(rule.time.hoursSince)) : timeReader(rule.time.format, timeZone);
  const readData = dataReader(rule, timeZone);
  return (row) => {
    const [id, subject, time] = [readId(row), readSubject(row), readTime(row.cell(rule.time.column).trim())];
    if (!id.ok) return id;
    if (!subject.ok) return subject;
    if (!time.ok) return { ok: false, reason: `${rule.time.column}: ${time.reason}` };
    const data = readData(row);
    return data.ok ? { ok: true, value: { type: rule.type, id: id.value, source, subject: subject.value, timeMs: time.value, data: data.value } } : data;
  };
}

function dataReader(rule: EventRule, timeZone: string): (row: TableRow) => Converted<Record<string, unknown>> {
  const fields = Object.entries(rule.data).map(([name, field]) => ({ path: name.split('.'), read: fieldReader(field, timeZone) }));
  const { currency } = rule;
  if (typeof currency === 'string') fields.push({ path: ['currency'], read: fieldReader({ constant: currency }, timeZone) });
  else if (currency) fields.push({ path: ['currency'], read: fieldReader({ column: currency.column, as: 'text', optional: false }, timeZone) });
  return (row) => {
    const data: Record<string, unknown> = {};
    for (const { path, read } of fields) {
      const value = read(row);
      if (!value.ok) return value;
      if (value.value !== undefined) put(data, path, value.value);
    }
    return { ok: true, value: data };
  };
}

function put(data: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) data[name] = value;
  else put((data[name] ??= {}) as Record<string, unknown>, rest, value);
}

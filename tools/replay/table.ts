import { Refusal } from '@sp/testing';
import { csvRecords } from './csv';
import { readLines, type Line } from './lines';
import type { LineTally } from './mapping';
import { rejected, type Origin, type Produced } from './produced';

/** One row of a table; a missing cell is the empty string. */
export interface TableRow {
  readonly kind: 'row';
  readonly origin: Origin;
  /** Physical lines that it took. */
  readonly lines: number;
  cell(column: string): string;
}

export interface TableOptions {
  readonly tally: LineTally;
  readonly rowLimit: number;
  readonly format: 'csv' | 'ndjson';
  readonly delimiter?: string;
  /** Names of the columns where a CSV has no header. */
  readonly columns?: readonly string[];
  /** Without these the file is not what the mapping is for. */
  readonly requiredColumns?: readonly string[];
}

/** Rows of the files one after the other, and what is none: headers, blank lines, bad lines. */
export async function* readTable(files: readonly string[], options: TableOptions): AsyncGenerator<TableRow | Exclude<Produced, { kind: 'event' }>> {
  let left = options.rowLimit;
  for (const file of files) {
    if (left <= 0) return;
    const budget = { left };
    const lines = limited(readLines(file, options.tally), budget, options);
    yield* options.format === 'csv' ? csvRows(lines, options) : ndjsonRows(lines);
    left = budget.left;
  }
}

/** Cuts the lines, before they are put together to records, so that no line is read and not told. */
async function* limited(lines: AsyncIterable<Line>, budget: { left: number }, options: TableOptions): AsyncGenerator<Line> {
  if (options.format === 'csv' && !options.columns) budget.left += 1;
  for await (const line of lines) {
    yield line;
    budget.left -= 1;
    if (budget.left <= 0) return;
  }
}

async function* csvRows(lines: AsyncIterable<Line>, options: TableOptions): AsyncGenerator<TableRow | Exclude<Produced, { kind: 'event' }>> {
  let places = options.columns ? placesOf(options.columns, options) : undefined;
  for await (const record of csvRecords(lines, options.delimiter ?? ',')) {
    const { origin, fields } = record;
    if (fields?.length === 0) yield { kind: 'passed-over', what: 'blank', lines: record.lines };
    else if (!fields) yield rejected('not CSV (quotes)', record);
    else if (!places) {
      places = placesOf(fields, options);
      yield { kind: 'passed-over', what: 'header', lines: record.lines };
    } else if (fields.length !== places.count) yield rejected('wrong number of columns', record);
    else {
      const { at } = places;
      yield { kind: 'row', origin, lines: record.lines, cell: (column) => fields[at.get(column) ?? -1] ?? '' };
    }
  }
}

function placesOf(columns: readonly string[], options: TableOptions): { at: ReadonlyMap<string, number>; count: number } {
  const at = new Map(columns.map((column, index) => [column.trim(), index]));
  const missing = options.requiredColumns?.find((column) => !at.has(column));
  if (missing !== undefined) throw new Refusal(`The file has no column "${missing}", which the mapping needs; it has: ${[...at.keys()].slice(0, 40).join(', ')}.`);
  return { at, count: columns.length };
}

async function* ndjsonRows(lines: AsyncIterable<Line>): AsyncGenerator<TableRow | Exclude<Produced, { kind: 'event' }>> {
  for await (const { origin, text } of lines) {
    if (text.trim() === '') {
      yield { kind: 'passed-over', what: 'blank', lines: 1 };
      continue;
    }
    const cells = jsonCells(text);
    if (cells) yield { kind: 'row', origin, lines: 1, cell: (column) => cells.get(column) ?? '' };
    else yield rejected('not a JSON object', { origin, lines: 1 });
  }
}

/** The object's values as text, inner objects by dotted names; a number keeps its shortest decimal form, so money stays exact. */
function jsonCells(text: string): Map<string, string> | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const cells = new Map<string, string>();
  flatten(value, '', cells);
  return cells;
}

function flatten(value: object, prefix: string, cells: Map<string, string>): void {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) flatten(inner, `${prefix}${key}.`, cells);
    else if (inner !== null) cells.set(prefix + key, typeof inner === 'string' ? inner : JSON.stringify(inner));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

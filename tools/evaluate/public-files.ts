import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** A file of public data, known by its name and its first line; the whole of it is read only when a case wants it. */
export interface PublicFile {
  readonly path: string;
  /** Without folder and endings: "events-waves-1-3". */
  readonly name: string;
  readonly head: string;
}

const headBytes = 64_000;
const textFile = /\.(csv|json|jsonl|ndjson)(\.gz)?$/;

/** Every text file under the folder, in order of path. */
export function publicFiles(folder: string): PublicFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => textFile.test(file))
    .sort()
    .map((file) => join(folder, file))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, name: basename(path).replace(textFile, ''), head: headOf(path) }));
}

/** True where the first line is a CSV header with all of these columns. */
export function hasColumns({ head }: PublicFile, ...columns: readonly string[]): boolean {
  const header = (head.split('\n', 1)[0] ?? '').trim().split(',').map((cell) => cell.replaceAll('"', ''));
  return columns.every((column) => header.includes(column));
}

export function textOf({ path }: PublicFile): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export function csvRows(file: PublicFile): Record<string, string>[] {
  return parse(textOf(file), { columns: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true });
}

/** One JSON document, or one a line. */
export function jsonRows(file: PublicFile): unknown[] {
  const text = textOf(file).trim();
  if (text.startsWith('[')) return JSON.parse(text) as unknown[];
  return text.split('\n').map((line) => JSON.parse(line) as unknown);
}

function headOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(headBytes);
    const read = bytes.subarray(0, readSync(file, bytes));
    return (path.endsWith('.gz') ? gunzipSync(read, { finishFlush: constants.Z_SYNC_FLUSH }) : read).toString('utf8').slice(0, headBytes);
  } catch {
    // Cut off or no gzip at all: nothing that a case knows.
    return '';
  } finally {
    closeSync(file);
  }
}

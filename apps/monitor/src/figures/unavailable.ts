import { ClickHouseError } from '@clickhouse/client';

/** ClickHouse's own codes: unknown table and database (not migrated), too slow, too many queries, out of memory. */
const missingSchema = new Set(['60', '81']);
const overloaded = new Set(['159', '202', '241']);

/** The sentence for a reader if figures cannot be had just now; undefined if the question itself was wrong, which is a bug. */
export function unavailability(error: unknown): string | undefined {
  if (!(error instanceof ClickHouseError)) return isConnectionError(error) ? 'ClickHouse does not answer: figures are delayed, decisions are not.' : undefined;
  if (missingSchema.has(error.code)) return 'The tables are not there yet: type "npm run migrate".';
  return overloaded.has(error.code) ? 'ClickHouse is overloaded: figures are delayed, decisions are not.' : undefined;
}

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code) || /timeout|socket hang up|aborted/i.test(error.message);
}

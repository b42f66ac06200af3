import type { ClickHouseClient } from '@clickhouse/client';
import { readRows } from './read-rows';

/** Every table that names a client, with the column that does, and milliseconds of when it was. The request itself stays: it says why the rest is gone. */
export const erasedTables = [
  { table: 'transactions', client: 'client_id', until: 'toUnixTimestamp64Milli(time)' },
  { table: 'assignments', client: 'client_id', until: 'toUnixTimestamp64Milli(time)' },
  { table: 'decisions', client: 'client_id', until: 'toUnixTimestamp64Milli(time)' },
  { table: 'offers', client: 'client_id', until: 'toUnixTimestamp64Milli(time)' },
  { table: 'outcomes', client: 'client_id', until: 'toUnixTimestamp64Milli(issued_at)' },
  { table: 'responses', client: 'client_id', until: 'toUnixTimestamp64Milli(time)' },
  { table: 'corrections', client: 'subject', until: 'toUnixTimestamp64Milli(time)' },
  { table: 'spend_by_client_day', client: 'client_id', until: '1000 * toUnixTimestamp(toDateTime(day))' },
  // Sums know no time: what a client who came back has done since goes with them, and is counted anew.
  { table: 'client_sums', client: 'client_id', until: '0' },
  { table: 'feature_inputs', client: 'subject', until: 'toUnixTimestamp64Milli(time)', but: "AND type != 'client.erasure.requested'" },
] as const;

export interface ErasedRows {
  readonly table: string;
  readonly rows: number;
}

/**
 * Deletes the rows of clients who asked for it, up to the event time at which they did, and answers how many there were. Sinks may
 * still bring rows from before, or bring some again after a restart: so it is repeated for requests of the last days. The parts are written anew: nothing is only hidden.
 */
export async function eraseClients(client: ClickHouseClient, requestsOfLastHours: number): Promise<ErasedRows[]> {
  const requests = await readRows<{ subject: string; at: number }>(
    client,
    `SELECT subject, toUnixTimestamp64Milli(max(time)) AS at FROM feature_inputs WHERE type = 'client.erasure.requested' AND stored_at > now() - toIntervalHour({hours:UInt32}) GROUP BY subject`,
    { hours: requestsOfLastHours },
  );
  const erased: ErasedRows[] = [];
  if (requests.length === 0) return erased;
  const query_params = { clients: requests.map(({ subject }) => subject), times: requests.map(({ at }) => at) };
  for (const { table, client: column, until, ...rest } of erasedTables) {
    const where = `${column} IN {clients:Array(String)} AND ${until} <= transform(${column}, {clients:Array(String)}, {times:Array(Int64)}, toInt64(0)) ${'but' in rest ? rest.but : ''}`;
    const [found] = await readRows<{ rows: number }>(client, `SELECT count() AS rows FROM ${table} WHERE ${where}`, query_params);
    if (!found || found.rows === 0) continue;
    await client.command({ query: `ALTER TABLE ${table} DELETE WHERE ${where}`, query_params, clickhouse_settings: { mutations_sync: '1' } });
    erased.push({ table, rows: found.rows });
  }
  return erased;
}

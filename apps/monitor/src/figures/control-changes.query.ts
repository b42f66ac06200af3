import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { ControlChange } from '@sp/contracts';

/** The newest first. */
export async function controlChanges(client: ClickHouseClient, limit: number): Promise<ControlChange[]> {
  const query = 'SELECT toUnixTimestamp64Milli(time) AS "timeMs", type, about, by, data FROM control_changes ORDER BY time DESC, line_position DESC, ordinal DESC LIMIT {limit:UInt32}';
  const rows = await readRows<ControlChange & { readonly data: string }>(client, query, { limit });
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }));
}

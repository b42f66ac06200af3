import type { ClickHouseClient } from '@clickhouse/client';
import type { AutomaticChange } from '@sp/contracts';
import { readRows } from '../read-rows';

/** A change, or the same one again with the name of who took it back. */
export async function recordAutomaticChange(client: ClickHouseClient, { changeId, atMs, kind, before, after, reason, undoneBy }: AutomaticChange): Promise<void> {
  const at = new Date(atMs).toISOString().replace('T', ' ').slice(0, 23);
  await client.insert({
    table: 'automatic_changes', values: [{ change_id: changeId, at, kind, before, after, reason, undone_by: undoneBy }], columns: ['change_id', 'at', 'kind', 'before', 'after', 'reason', 'undone_by'], format: 'JSONEachRow',
    clickhouse_settings: { insert_deduplication_token: `change:${changeId}:${undoneBy}` },
  });
}

/** The newest first. */
export function readAutomaticChanges(client: ClickHouseClient, limit: number): Promise<AutomaticChange[]> {
  return readRows<AutomaticChange>(
    client,
    `SELECT change_id AS "changeId", toUnixTimestamp64Milli(min(at)) AS "atMs", any(kind) AS "kind", any(before) AS "before", any(after) AS "after", any(reason) AS "reason", max(undone_by) AS "undoneBy"
    FROM automatic_changes GROUP BY change_id ORDER BY min(at) DESC, change_id LIMIT {limit:UInt32}`,
    { limit },
  );
}

import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { DeadLetter } from '@sp/contracts';

/** Events that a stage refused, the newest first. */
export function recentDeadLetters(client: ClickHouseClient, limit: number): Promise<DeadLetter[]> {
  return readRows(
    client,
    `SELECT id, stage, partition, line_position AS linePosition, toUnixTimestamp64Milli(time) AS timeMs, reason, field, source, event_id AS eventId, detail, payload
     FROM dead_letters ORDER BY dead_letters.time DESC, id DESC LIMIT {limit:UInt32}`,
    { limit },
  );
}

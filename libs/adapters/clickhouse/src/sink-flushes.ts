import type { ClickHouseClient } from '@clickhouse/client';
import { readRows } from './read-rows';
import type { FlushRange } from './sink-buffer';

/**
 * Writes down a flush before its blocks are sent. A crash may leave a block in its table and not yet in a view behind it;
 * only the very same block under the same token completes the view, so the next start has to know where the block began and ended.
 */
export async function recordFlush(client: ClickHouseClient, sink: string, partition: number, range: FlushRange): Promise<void> {
  await client.insert({
    table: 'sink_flushes',
    values: [{ sink, partition, from_position: range.from, to_position: range.to }],
    format: 'JSONEachRow',
    clickhouse_settings: { insert_deduplication_token: `${sink}:${partition}:${range.to}` },
  });
}

/** The last flush that was begun, undefined before the first. */
export async function lastFlush(client: ClickHouseClient, sink: string, partition: number): Promise<FlushRange | undefined> {
  const query = `SELECT from_position AS "from", to_position AS "to" FROM sink_flushes
    WHERE sink = {sink:String} AND partition = {partition:UInt16} ORDER BY to_position DESC LIMIT 1`;
  const [row] = await readRows<FlushRange>(client, query, { sink, partition });
  return row;
}

import type { ClickHouseClient } from '@clickhouse/client';
import { readRows } from './read-rows';

/** The highest line position that a table holds of a partition, undefined where it holds none: what a sink need not store again. */
export async function highestPosition(client: ClickHouseClient, table: { readonly name: string }, partition: number): Promise<number | undefined> {
  const query = 'SELECT maxOrNull(line_position) AS highest FROM {table:Identifier} WHERE partition = {partition:UInt16}';
  const [row] = await readRows<{ highest: number | null }>(client, query, { table: table.name, partition });
  return row?.highest ?? undefined;
}

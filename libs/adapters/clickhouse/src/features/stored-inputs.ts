import type { ClickHouseClient } from '@clickhouse/client';
import { foldInputTypes, inputFrom, type FoldInput } from '@sp/features';
import { readRows } from '../read-rows';

interface InputRow {
  readonly type: FoldInput['type'];
  readonly id: string;
  readonly source: string;
  readonly subject: string;
  readonly timeMs: number;
  readonly data: string;
}

export interface InputsWanted {
  readonly partition: number;
  readonly clientIds: readonly string[];
  /** Of all ticks only these. */
  readonly tickTimesMs: readonly number[];
}

/** What the fold of these clients took in: their own events, all merchants, some ticks, in the order of the partition's log. */
export async function readInputs(client: ClickHouseClient, { partition, clientIds, tickTimesMs }: InputsWanted): Promise<FoldInput[]> {
  const rows = await readRows<InputRow>(
    client,
    `SELECT type, event_id AS id, source, subject, toUnixTimestamp64Milli(time) AS "timeMs", data FROM feature_inputs
     WHERE partition = {partition:UInt16} AND (
       (subject IN {clientIds:Array(String)} AND type NOT IN ('merchant.registered', 'clock.ticked')) OR type = 'merchant.registered'
       OR (subject = 'clock' AND type = 'clock.ticked' AND toUnixTimestamp64Milli(time) IN {tickTimesMs:Array(Int64)}))
     ORDER BY line_position, ordinal`,
    { partition, clientIds, tickTimesMs },
  );
  return rows.map(({ data, ...event }) => inputFrom({ ...event, data: JSON.parse(data) as Record<string, unknown> }));
}

/** Partitions that had clients' events before their inputs were stored: what was folded then cannot be computed again. */
export async function partitionsBegunLate(client: ClickHouseClient): Promise<number[]> {
  const rows = await readRows<{ partition: number }>(
    client,
    `SELECT DISTINCT partition FROM event_counts AS counted
     LEFT JOIN (SELECT partition, min(line_position) AS begun FROM feature_inputs GROUP BY partition) AS inputs USING partition
     WHERE counted.type IN {types:Array(String)}
       AND (begun = 0 OR counted.line_position < begun)
     ORDER BY partition`,
    { types: foldInputTypes },
  );
  return rows.map(({ partition }) => partition);
}

import { readRows, type ClickHouseClient } from '@sp/clickhouse';

/** Event time of the newest event, to the end of its minute; undefined in an empty folder. All figures count up to here, never up to the wall clock. */
export async function newestEventMs(client: ClickHouseClient): Promise<number | undefined> {
  const [row] = await readRows<{ minute: number | null }>(client, 'SELECT toUnixTimestamp(maxOrNull(minute)) AS minute FROM events_by_minute');
  return row?.minute === null || row?.minute === undefined ? undefined : (row.minute + 60) * 1000;
}

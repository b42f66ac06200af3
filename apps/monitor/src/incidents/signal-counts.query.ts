import { readRows, type ClickHouseClient } from '@sp/clickhouse';

export interface SignalCount {
  readonly signal: string;
  readonly timeMs: number;
  readonly count: number;
  readonly exposure: number;
}

/** Streams whose rate is watched; the others come when the bank feels like it, or follow offers. */
export const watchedTypes = ['transaction.authorised', 'client.located', 'client.acted'] as const;

/** A letter's own time is the wall clock's; the refused event says when it was, where it can be read, and in a replay or simulation only that fits. */
const eventTimeOfLetter = "coalesce(parseDateTime64BestEffortOrNull(extract(payload, '\"time\":\\\\s*\"([^\"]+)\"'), 3, 'UTC'), time)";

/** Event time that every partition has reached, and the first minute there is; undefined in an empty folder. */
export async function watchedSpan(client: ClickHouseClient): Promise<{ fromMs: number; toMs: number } | undefined> {
  const query = 'SELECT toUnixTimestamp(min(first)) AS first, toUnixTimestamp(min(newest)) AS newest, count() AS partitions FROM (SELECT partition, min(minute) AS first, max(minute) AS newest FROM event_counts GROUP BY partition)';
  const [row] = await readRows<{ first: number; newest: number; partitions: number }>(client, query);
  return row && row.partitions > 0 ? { fromMs: row.first * 1000, toMs: row.newest * 1000 } : undefined;
}

/** Minutes in which something came; the silent ones are the caller's to fill. */
export function streamCounts(client: ClickHouseClient, fromMs: number, toMs: number): Promise<SignalCount[]> {
  const query = `SELECT concat('rate:', type) AS signal, toUnixTimestamp(minute) * 1000 AS timeMs, sum(count) AS count, 1 AS exposure
    FROM events_by_minute WHERE type IN {types:Array(String)} AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC') GROUP BY signal, timeMs ORDER BY timeMs`;
  return readRows(client, query, { types: [...watchedTypes], from: fromMs / 1000, to: toMs / 1000 });
}

/** An hour's refusals, of all events of the hour; and its events that came more than 70 minutes behind their partition's newest: who sends a batch an hour is not late. */
export async function hourlyShares(client: ClickHouseClient, fromMs: number, toMs: number): Promise<SignalCount[]> {
  const rejected = `
    SELECT 'share:rejected' AS signal, toUnixTimestamp(e.hour) * 1000 AS timeMs, r.refused AS count, e.events AS exposure
    FROM (SELECT toStartOfHour(minute) AS hour, sum(count) AS events FROM events_by_minute WHERE type != 'clock.ticked' AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC') GROUP BY hour) AS e
    LEFT JOIN (SELECT toStartOfHour(said) AS hour, count() AS refused FROM (SELECT ${eventTimeOfLetter} AS said FROM dead_letters)
      WHERE said >= toDateTime({from:UInt32}, 'UTC') AND said < toDateTime({to:UInt32}, 'UTC') GROUP BY hour) AS r ON r.hour = e.hour
    ORDER BY timeMs`;
  const late = `
    SELECT 'share:late' AS signal, toUnixTimestamp(toStartOfHour(arrived)) * 1000 AS timeMs, sumIf(counted, minute < arrived - INTERVAL 70 MINUTE) AS count, sum(counted) AS exposure
    FROM (SELECT type, minute, count AS counted, max(minute) OVER (PARTITION BY partition ORDER BY line_position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS arrived
      FROM event_counts WHERE minute >= toDateTime({from:UInt32}, 'UTC') - INTERVAL 12 HOUR AND minute < toDateTime({to:UInt32}, 'UTC'))
    WHERE type != 'clock.ticked' AND arrived >= toDateTime({from:UInt32}, 'UTC') AND arrived < toDateTime({to:UInt32}, 'UTC') GROUP BY timeMs ORDER BY timeMs`;
  const [refusals, delays] = await Promise.all([rejected, late].map((query) => readRows<SignalCount>(client, query, { from: fromMs / 1000, to: toMs / 1000 })));
  return [...(refusals ?? []), ...(delays ?? [])];
}

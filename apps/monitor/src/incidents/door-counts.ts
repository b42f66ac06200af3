import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { DataHealth } from '@sp/contracts';
import type { SignalCount } from './signal-counts.query';

export interface DoorCountsParts {
  readonly client: ClickHouseClient;
  readonly onError: (error: unknown) => void;
}

/** Rows are written when event time has moved so far, so that an idle line writes nothing. */
const everyEventMs = 10 * 60_000;

/**
 * What came twice is in no log, only ingest counts it: what the counters moved by, at the event time that the line had reached. An ingest that starts
 * again counts from nothing.
 */
export class DoorCounts {
  private before: { accepted: number; duplicates: number; atMs: number } | undefined;

  constructor(private readonly parts: DoorCountsParts) {}

  async see({ isReachable, watermarkMs, accepted, duplicates }: DataHealth): Promise<void> {
    if (!isReachable || watermarkMs === undefined) return;
    const before = this.before ?? { accepted, duplicates, atMs: watermarkMs };
    this.before ??= before;
    if (watermarkMs - before.atMs < everyEventMs) return;
    this.before = { accepted, duplicates, atMs: watermarkMs };
    const moved = (now: number, then: number): number => (now < then ? now : now - then);
    try {
      await this.parts.client.insert({
        table: 'door_counts', columns: ['at', 'accepted', 'duplicates'], format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: `door:${watermarkMs}:${accepted}` },
        values: [{ at: Math.floor(watermarkMs / 1000), accepted: moved(accepted, before.accepted), duplicates: moved(duplicates, before.duplicates) }],
      });
    } catch (error) {
      this.parts.onError(error);
    }
  }
}

/** Of what came at the doors in an hour, what was known already; up to the newest whole hour that the counters have left. */
export function duplicateShares(client: ClickHouseClient, fromMs: number): Promise<SignalCount[]> {
  const query = `
    SELECT 'share:duplicate' AS signal, toUnixTimestamp(toStartOfHour(at)) * 1000 AS timeMs, sum(duplicates) AS count, sum(accepted) + sum(duplicates) AS exposure FROM door_counts
    WHERE at >= toDateTime({from:UInt32}, 'UTC') AND at < toStartOfHour((SELECT max(at) FROM door_counts)) GROUP BY timeMs HAVING exposure > 0 ORDER BY timeMs`;
  return readRows(client, query, { from: fromMs / 1000 });
}

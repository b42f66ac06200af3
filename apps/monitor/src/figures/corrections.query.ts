import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { CorrectionOfEvent } from '@sp/contracts';

/** The newest corrections; of one event or by one rule where they are named. */
export function correctionsOf(client: ClickHouseClient, { eventId = '', rule = '', limit }: { readonly eventId?: string; readonly rule?: string; readonly limit: number }): Promise<CorrectionOfEvent[]> {
  const query = `
    SELECT event_id AS eventId, type, source, subject, toUnixTimestamp64Milli(time) AS timeMs, rule, field, before, after
    FROM corrections WHERE ({eventId:String} = '' OR event_id = {eventId:String}) AND ({rule:String} = '' OR rule = {rule:String})
    ORDER BY stored_at DESC, time DESC, ordinal, rule LIMIT {limit:UInt32}`;
  return readRows<CorrectionOfEvent>(client, query, { eventId, rule, limit });
}

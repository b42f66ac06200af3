import { readRows, type ClickHouseClient, type EpochOf } from '@sp/clickhouse';
import { mainCurrency } from './main-currency.sql';

/** New clients of an arm on a day of the data; an assignment is told once. */
export interface DailyAssignments {
  readonly dayMs: number;
  readonly arm: string;
  readonly clients: number;
}

export function dailyAssignments(client: ClickHouseClient, { experimentId, epoch }: Pick<EpochOf, 'experimentId' | 'epoch'>): Promise<DailyAssignments[]> {
  return readRows(client, `
    SELECT toUnixTimestamp(toDateTime(toDate(time))) * 1000 AS dayMs, arm, count() AS clients FROM assignments
    WHERE experiment_id = {experimentId:String} AND epoch = {epoch:UInt32} GROUP BY dayMs, arm ORDER BY dayMs, arm`, { experimentId, epoch });
}

export interface SegmentSums {
  readonly segment: string;
  readonly arm: string;
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Spend less discounts of the bank's own segments, as the clients were last registered; the largest ones. */
export function segmentSums(client: ClickHouseClient, { experimentId, epoch, startedMs, untilMs }: Pick<EpochOf, 'experimentId' | 'epoch' | 'startedMs'> & { readonly untilMs: number }, most: number): Promise<SegmentSums[]> {
  return readRows(client, `
    WITH ${mainCurrency} AS main_currency,
      fromUnixTimestamp64Milli({startedMs:Int64}, 'UTC') AS started, fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC') AS until,
      clients AS (
        SELECT client_id, max(arm) AS arm, max(segment) AS segment, sum(minor) AS net FROM (
          SELECT client_id, toString(arm) AS arm, '' AS segment, toFloat64(0) AS minor FROM assignments WHERE experiment_id = {experimentId:String} AND epoch = {epoch:UInt32}
          UNION ALL SELECT subject, '', argMax(JSONExtractString(data, 'segment'), time), 0 FROM feature_inputs WHERE type = 'client.registered' GROUP BY subject
          UNION ALL SELECT client_id, '', '', toFloat64(amount_minor) FROM spend_by_client_day WHERE day >= toDate(started) AND day <= toDate(until) AND currency = main_currency
          UNION ALL SELECT client_id, '', '', -toFloat64(discount_minor) FROM latest_outcomes WHERE ghost = 0 AND issued_at >= started AND issued_at <= until
        ) GROUP BY client_id HAVING arm != '' AND segment != ''
      )
    SELECT segment, arm, count() AS n, sum(c.net) AS sum, sum(c.net * c.net) AS sumSquares FROM clients AS c
    WHERE segment IN (SELECT segment FROM clients GROUP BY segment ORDER BY count() DESC, segment LIMIT {most:UInt32})
    GROUP BY segment, arm ORDER BY segment, arm`, { experimentId, epoch, startedMs, untilMs, most });
}

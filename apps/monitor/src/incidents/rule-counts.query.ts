import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { HourOfScores, OfferedTerms } from '@sp/monitoring';
import { watchedTypes } from './signal-counts.query';

interface At {
  readonly timeMs: number;
}

const span = 'time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})';
const hour = 'toUnixTimestamp(toStartOfHour(time)) * 1000';

/** Offers by merchant and discount, in the order of the hours. */
export function hoursOfTerms(client: ClickHouseClient, from: number, to: number): Promise<(OfferedTerms & At)[]> {
  return readRows(client, `SELECT merchant_id AS merchantId, ${hour} AS timeMs, toFloat64(discount_percent) AS discountPercent, count() AS offers FROM offers WHERE ${span} GROUP BY merchantId, timeMs, discountPercent ORDER BY timeMs, merchantId, discountPercent`, { from, to });
}

/** Scores of offers and ghosts by the model that gave them; what no model scored has none. */
export function hoursOfScores(client: ClickHouseClient, from: number, to: number): Promise<(HourOfScores & At)[]> {
  const query = `SELECT toString(model_version) AS version, ${hour} AS timeMs, count() AS count, sum(toFloat64(score)) AS sum, sum(toFloat64(score) * score) AS sumSquares, uniqExact(score) AS distinct
    FROM decisions WHERE outcome != 'none' AND score > 0 AND ${span} GROUP BY version, timeMs ORDER BY timeMs, version`;
  return readRows(client, query, { from, to });
}

/** Whole days: of each stream, and of each category's purchases. */
export function totalsOfDays(client: ClickHouseClient, from: number, to: number): Promise<{ readonly name: string; readonly count: number }[]> {
  const query = `
    SELECT toString(type) AS name, sum(count) AS count FROM events_by_minute WHERE type IN {types:Array(String)} AND minute >= toDateTime({fromSeconds:UInt32}, 'UTC') AND minute < toDateTime({toSeconds:UInt32}, 'UTC') GROUP BY name
    UNION ALL SELECT concat('category-', toString(mcc)) AS name, count() AS count FROM transactions WHERE kind = 'purchase' AND reversed = 0 AND mcc > 0 AND ${span} GROUP BY name`;
  return readRows(client, query, { types: [...watchedTypes], from, to, fromSeconds: from / 1000, toSeconds: to / 1000 });
}

import { readRows, type ClickHouseClient, type EpochOf } from '@sp/clickhouse';
import { mainCurrency } from './main-currency.sql';

/** Of one arm: at the end of each day, over the clients who are that far, their spend less discounts since day 0. */
export interface CumulativeSums {
  readonly arm: string;
  readonly n: readonly number[];
  readonly sum: readonly number[];
  readonly sumSquares: readonly number[];
}

export type CountedFrom = 'start' | 'exposure';

/** Both axes are cut here. */
export const mostDays = 90;

/**
 * Cumulative spend by days since the experiment began (everybody assigned), or since a client's own first offer or ghost (only who had one,
 * in the holdout too: Johnson, Lewis, Nubbemeyer 2017). Only days that are over.
 */
export function cumulativeSpend(client: ClickHouseClient, { experimentId, epoch, startedMs }: Pick<EpochOf, 'experimentId' | 'epoch' | 'startedMs'>, from: CountedFrom, untilMs: number): Promise<CumulativeSums[]> {
  return readRows(client, queryFrom(momentOf[from]), { experimentId, epoch, startedMs, untilMs, mostDays });
}

const momentOf: Readonly<Record<CountedFrom, string>> = {
  start: `SELECT client_id, min(toString(arm)) AS arm, toDate(fromUnixTimestamp64Milli({startedMs:Int64}, 'UTC')) AS day_zero FROM assignments
    WHERE experiment_id = {experimentId:String} AND epoch = {epoch:UInt32} GROUP BY client_id`,
  exposure: `SELECT client_id, min(toString(experiment_arm)) AS arm, toDate(min(time)) AS day_zero FROM decisions
    WHERE outcome IN ('offer', 'ghost') AND experiment_id = {experimentId:String} AND epoch = {epoch:UInt32} GROUP BY client_id`,
};

const queryFrom = (moment: string): string => `
WITH
  ${mainCurrency} AS main_currency,
  toDate(fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC')) AS today,
  moments AS (${moment}),
  moved AS (
    SELECT client_id, day, toFloat64(amount_minor) AS minor FROM spend_by_client_day WHERE currency = main_currency
    UNION ALL
    SELECT client_id, toDate(closed_at) AS day, -toFloat64(discount_minor) AS minor FROM latest_outcomes WHERE ghost = 0 AND discount_minor != 0
  ),
  daily AS (
    SELECT m.client_id AS client_id, toUInt32(s.day - m.day_zero) AS place, sum(s.minor) AS minor
    FROM moved AS s INNER JOIN moments AS m ON m.client_id = s.client_id WHERE s.day >= m.day_zero AND s.day < today AND s.day - m.day_zero < {mostDays:UInt32}
    GROUP BY client_id, place
  ),
  paths AS (SELECT client_id, groupArrayInsertAt(toFloat64(0), 90)(minor, place) AS minors FROM daily GROUP BY client_id),
  followed AS (
    SELECT m.arm AS arm, arraySlice(arrayCumSum(if(empty(p.minors), arrayWithConstant(90, toFloat64(0)), p.minors)), 1, least({mostDays:UInt32}, toUInt32(greatest(0, today - m.day_zero)))) AS total
    FROM moments AS m LEFT JOIN paths AS p ON p.client_id = m.client_id
  )
SELECT arm, countForEach(total) AS n, sumForEach(total) AS sum, sumForEach(arrayMap(x -> x * x, total)) AS sumSquares FROM followed GROUP BY arm`;

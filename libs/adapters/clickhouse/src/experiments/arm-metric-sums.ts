import type { ClickHouseClient } from '@clickhouse/client';
import type { ArmPolicy } from '@sp/contracts';
import { readRows } from '../read-rows';
import { mainCurrency } from './main-currency';

export interface EpochOf {
  readonly experimentId: string;
  readonly epoch: number;
  /** The first assignment of the epoch. */
  readonly startedMs: number;
}

/** Sums over the clients of one arm, one observation a client; money in minor units of the main currency. */
export interface ArmMetricSums {
  readonly arm: ArmPolicy;
  readonly n: number;
  /** Spend less discounts. */
  readonly net: number;
  readonly netSquared: number;
  /** The same, capped at one quantile of all arms' clients. */
  readonly capped: number;
  readonly cappedSquared: number;
  /** Gross spend and purchases: the average check is their ratio. */
  readonly spend: number;
  readonly spendSquared: number;
  readonly purchases: number;
  readonly purchasesSquared: number;
  readonly spendTimesPurchases: number;
  readonly margin: number;
  readonly marginSquared: number;
  readonly activeWeeks: number;
  readonly activeWeeksSquared: number;
  readonly optedOut: number;
}

/** Clients who were announced in more than one arm: they belong to none and are left out above. */
export interface SeveralArms {
  readonly inSeveralArms: number;
}

export interface MetricOptions {
  readonly untilMs: number;
  /** What the bank earns of each purchase, in per cent, before discounts. */
  readonly marginPercent: number;
  readonly capQuantile: number;
}

/**
 * One row a client out of `client_sums`, then one row an arm. An assignment is announced with a client's first event of the epoch, so all
 * that he spent since the epoch's first day counts; what is older (an epoch that began later than the data) is taken off again.
 * Discounts are those of the outcomes as they were last told.
 */
export async function armMetricSums(client: ClickHouseClient, { experimentId, epoch, startedMs }: EpochOf, options: MetricOptions): Promise<(ArmMetricSums & SeveralArms)[]> {
  const { untilMs, marginPercent, capQuantile } = options;
  return readRows(client, query, { experimentId, epoch, startedMs, untilMs, margin: marginPercent / 100, capQuantile });
}

const query = `
WITH
  ${mainCurrency} AS main_currency,
  fromUnixTimestamp64Milli({startedMs:Int64}, 'UTC') AS started,
  toDate(started) AS first_day,
  intDiv(toUInt64({startedMs:Int64}), 604800000) AS first_week,
  least(64, intDiv(toUInt64({untilMs:Int64}), 604800000) - first_week + 1) AS weeks,
  arrayFold((mask, i) -> bitOr(mask, bitShiftLeft(toUInt64(1), (first_week + i) % 64)), range(toUInt64(weeks)), toUInt64(0)) AS weeks_mask,
  clients AS (
    SELECT client_id, max(named) AS arm, minIf(named, named != '') AS other, sum(minor) AS spend, sum(bought) AS purchases, sum(given) AS discount,
      bitCount(bitAnd(groupBitOr(weeks_active), weeks_mask)) AS active, max(out_at) >= started AS out
    FROM (
      SELECT client_id, toString(arm) AS named, toInt64(0) AS minor, toInt64(0) AS bought, toInt64(0) AS given, toUInt64(0) AS weeks_active, toDateTime64(0, 3, 'UTC') AS out_at
      FROM assignments WHERE experiment_id = {experimentId:String} AND epoch = {epoch:UInt32}
      UNION ALL
      SELECT client_id, '', spend_minor, purchases, 0, active_weeks, opted_out_at FROM client_sums WHERE currency = main_currency OR currency = ''
      UNION ALL
      SELECT client_id, '', -amount_minor, -transactions, 0, 0, toDateTime64(0, 3, 'UTC') FROM spend_by_client_day WHERE day < first_day AND currency = main_currency
      UNION ALL
      SELECT client_id, '', 0, 0, discount_minor, 0, toDateTime64(0, 3, 'UTC') FROM latest_outcomes WHERE ghost = 0 AND discount_minor != 0 AND issued_at >= started
    )
    GROUP BY client_id HAVING arm != ''
  ),
  measured AS (
    SELECT arm, arm != other AS several, toFloat64(spend) AS gross, toFloat64(purchases) AS bought, toFloat64(spend - discount) AS net,
      gross * {margin:Float64} - toFloat64(discount) AS earned, toFloat64(active) AS active, out
    FROM clients
  ),
  (SELECT quantileTDigest({capQuantile:Float64})(net) FROM measured) AS cap
SELECT arm, countIf(NOT several) AS n, countIf(several) AS inSeveralArms,
  sumIf(m.net, NOT several) AS net, sumIf(m.net * m.net, NOT several) AS netSquared,
  sumIf(least(m.net, cap), NOT several) AS capped, sumIf(least(m.net, cap) * least(m.net, cap), NOT several) AS cappedSquared,
  sumIf(gross, NOT several) AS spend, sumIf(gross * gross, NOT several) AS spendSquared,
  sumIf(bought, NOT several) AS purchases, sumIf(bought * bought, NOT several) AS purchasesSquared, sumIf(gross * bought, NOT several) AS spendTimesPurchases,
  sumIf(earned, NOT several) AS margin, sumIf(earned * earned, NOT several) AS marginSquared,
  sumIf(m.active, NOT several) AS activeWeeks, sumIf(m.active * m.active, NOT several) AS activeWeeksSquared, countIf(out AND NOT several) AS optedOut
FROM measured AS m GROUP BY arm`;

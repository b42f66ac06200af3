import type { ClickHouseClient } from '@clickhouse/client';
import { readRows } from '../read-rows';
import { mainCurrency } from './main-currency';

/** One epoch of an experiment, as it is counted. */
export interface EpochOf {
  readonly experimentId: string;
  readonly epoch: number;
  /** The first assignment of the epoch; purchases of its first day count whole. */
  readonly startedMs: number;
  /** At most eight. */
  readonly arms: readonly string[];
  /**
   * `totals`: everything that is known of its clients belongs to it, as in the first epoch of the always-on experiment, which announces a client with
   * his first event. `days`: only the days from its start to `untilMs`, and the days before are what clients are adjusted by.
   */
  readonly counted: 'totals' | 'days';
}

/** Sums over the clients of one arm, one observation a client; money in minor units of the main currency. */
export interface ArmMetricSums {
  readonly arm: string;
  readonly n: number;
  /** Days since each client's assignment, together. */
  readonly clientDays: number;
  /** Spend less discounts. */
  readonly net: number;
  readonly netSquared: number;
  /** The same, capped at one quantile of all arms' clients. */
  readonly capped: number;
  readonly cappedSquared: number;
  /** Spend in the days before the epoch, capped likewise, and its product with the capped spend in the epoch. */
  readonly before: number;
  readonly beforeSquared: number;
  readonly cappedTimesBefore: number;
  /** Gross spend and purchases: the average check is their ratio. */
  readonly spend: number;
  readonly spendSquared: number;
  readonly purchases: number;
  readonly purchasesSquared: number;
  readonly spendTimesPurchases: number;
  readonly margin: number;
  readonly marginSquared: number;
  /** The merchants' margin in the offers' time, after the discount, as attribution told it last; of ghosts likewise. */
  readonly offerMargin: number;
  readonly offerMarginSquared: number;
  readonly activeWeeks: number;
  readonly activeWeeksSquared: number;
  readonly optedOut: number;
}

/** Clients who were announced in more than one arm: they belong to none and are left out above. Counted at the first of theirs. */
export interface SeveralArms {
  readonly inSeveralArms: number;
}

export interface MetricOptions {
  readonly untilMs: number;
  /** What the bank earns of each purchase, in per cent, before discounts. */
  readonly marginPercent: number;
  readonly capQuantile: number;
}

/** How long before an epoch clients are looked at, to adjust for what lasts in them. */
export const daysBefore = 28;

/**
 * One row a client, then one row an arm; only these come over the wire. Clients are grouped by a hash of their ids (two of a million would share one
 * once in 10^7 experiments), arms are bits, and the cap is found over the rows that are there already, of a fixed sample where there are more than 8,192: a second pass would cost as much as the first.
 * Discounts and margins are those of the outcomes as they were last told.
 */
export async function armMetricSums(client: ClickHouseClient, { experimentId, epoch, startedMs, arms, counted }: EpochOf, options: MetricOptions): Promise<(ArmMetricSums & SeveralArms)[]> {
  const { untilMs, marginPercent, capQuantile } = options;
  const rows = await readRows<MaskedSums>(client, queryOf(counted), { experimentId, epoch, startedMs, untilMs, arms: [...arms], margin: marginPercent / 100, capQuantile, daysBefore });
  return arms.flatMap((arm, place) => {
    const several = rows.filter(({ mask }) => bitsOf(mask) > 1 && lowestBit(mask) === place).reduce((sum, { n }) => sum + n, 0);
    const alone = rows.find(({ mask }) => mask === 2 ** place);
    if (!alone) return several > 0 ? [{ ...nobody, arm, inSeveralArms: several }] : [];
    const { mask: _, ...sums } = alone;
    return [{ ...sums, arm, inSeveralArms: several }];
  });
}

type MaskedSums = Omit<ArmMetricSums, 'arm'> & { readonly mask: number };

const nobody: Omit<ArmMetricSums, 'arm'> = {
  n: 0, clientDays: 0, net: 0, netSquared: 0, capped: 0, cappedSquared: 0, before: 0, beforeSquared: 0, cappedTimesBefore: 0, spend: 0, spendSquared: 0, purchases: 0, purchasesSquared: 0, spendTimesPurchases: 0,
  margin: 0, marginSquared: 0, offerMargin: 0, offerMarginSquared: 0, activeWeeks: 0, activeWeeksSquared: 0, optedOut: 0,
};

const bitsOf = (mask: number): number => mask.toString(2).replaceAll('0', '').length;
const lowestBit = (mask: number): number => Math.log2(mask & -mask);

/** Each client's purchases: all that he ever made, or those of the days. Bit w of the weeks is week w since 1970, modulo 64. */
const purchases: Readonly<Record<EpochOf['counted'], string>> = {
  totals: `SELECT cityHash64(client_id), toUInt8(0), toInt64(0), spend_minor, purchases, toInt64(0), toInt64(0), toInt64(0), active_weeks, toUnixTimestamp64Milli(opted_out_at)
    FROM client_sums WHERE currency = main_currency OR currency = ''`,
  days: `SELECT cityHash64(client_id), toUInt8(0), toInt64(0), if(day >= first_day, amount_minor, 0), if(day >= first_day, transactions, 0), toInt64(0), toInt64(0), if(day >= first_day, 0, amount_minor),
      if(day >= first_day AND amount_minor != 0, bitShiftLeft(toUInt64(1), intDiv(toUInt32(day), 7) % 64), toUInt64(0)), toInt64(0)
    FROM spend_by_client_day WHERE day >= first_day - {daysBefore:UInt16} AND day <= last_day AND currency = main_currency
    UNION ALL
    SELECT cityHash64(client_id), toUInt8(0), toInt64(0), toInt64(0), toInt64(0), toInt64(0), toInt64(0), toInt64(0), toUInt64(0), toUnixTimestamp64Milli(opted_out_at) FROM client_sums WHERE currency = ''`,
};

const capBefore: Readonly<Record<EpochOf['counted'], string>> = { totals: 'toFloat64(0)', days: 'quantileDeterministic({capQuantile:Float64})(past, key) OVER ()' };

const queryOf = (counted: EpochOf['counted']): string => `
WITH
  ${mainCurrency} AS main_currency,
  fromUnixTimestamp64Milli({startedMs:Int64}, 'UTC') AS started,
  fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC') AS until,
  toDate(started) AS first_day, toDate(until) AS last_day
SELECT mask, count() AS n, sum({untilMs:Int64} - since) / 86400000 AS clientDays,
  sum(net) AS net, sum(m.net * m.net) AS netSquared, sum(least(m.net, cap)) AS capped, sum(least(m.net, cap) * least(m.net, cap)) AS cappedSquared,
  sum(least(past, past_cap)) AS before, sum(least(past, past_cap) * least(past, past_cap)) AS beforeSquared, sum(least(m.net, cap) * least(past, past_cap)) AS cappedTimesBefore,
  sum(gross) AS spend, sum(gross * gross) AS spendSquared, sum(bought) AS purchases, sum(bought * bought) AS purchasesSquared, sum(gross * bought) AS spendTimesPurchases,
  sum(earned) AS margin, sum(earned * earned) AS marginSquared, sum(reward) AS offerMargin, sum(reward * reward) AS offerMarginSquared,
  sum(active) AS activeWeeks, sum(active * active) AS activeWeeksSquared, countIf(out_at >= {startedMs:Int64} AND out_at <= {untilMs:Int64}) AS optedOut
FROM (
  SELECT mask, since, gross, bought, reward, past, active, out_at, gross - given AS net, gross * {margin:Float64} - given AS earned,
    quantileDeterministic({capQuantile:Float64})(net, key) OVER () AS cap, ${capBefore[counted]} AS past_cap
  FROM (
    SELECT key, groupBitOr(arm_bit) AS mask, max(since_ms) AS since, toFloat64(sum(minor)) AS gross, toFloat64(sum(purchased)) AS bought, toFloat64(sum(discount)) AS given, toFloat64(sum(offer_margin)) AS reward,
      toFloat64(sum(earlier)) AS past, toFloat64(bitCount(groupBitOr(weeks))) AS active, max(left_at) AS out_at
    FROM (
      SELECT cityHash64(client_id) AS key, bitShiftLeft(toUInt8(1), indexOf({arms:Array(String)}, toString(arm)) - 1) AS arm_bit, toUnixTimestamp64Milli(time) AS since_ms, toInt64(0) AS minor, toInt64(0) AS purchased,
        toInt64(0) AS discount, toInt64(0) AS offer_margin, toInt64(0) AS earlier, toUInt64(0) AS weeks, toInt64(0) AS left_at
      FROM assignments WHERE experiment_id = {experimentId:String} AND epoch = {epoch:UInt32} AND has({arms:Array(String)}, toString(arm))
      UNION ALL
      ${purchases[counted]}
      UNION ALL
      SELECT cityHash64(client_id), toUInt8(0), toInt64(0), toInt64(0), toInt64(0), if(ghost = 0, discount_minor, 0), margin_minor, toInt64(0), toUInt64(0), toInt64(0)
      FROM latest_outcomes WHERE (discount_minor != 0 OR margin_minor != 0) AND issued_at >= started AND issued_at <= until
    )
    GROUP BY key HAVING mask != 0
  )
) AS m GROUP BY mask`;

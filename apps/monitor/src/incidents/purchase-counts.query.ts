import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { SignalCount } from './signal-counts.query';

/** Merchants with fewer purchases in the newest two weeks are not watched yet; who is watched remains it, however few come. */
const leastPurchases = 100;
const mostMerchants = 500;

interface HourOfPurchases {
  readonly timeMs: number;
  /** '' for all that are not watched. */
  readonly merchantId: string;
  readonly count: number;
  readonly takenBack: number;
}

/**
 * An hour's purchases at each watched merchant, out of all others': an hour in which nobody buys anywhere says nothing of
 * a merchant. And what was taken back, out of all purchases.
 */
export async function purchaseShares(client: ClickHouseClient, { fromMs, toMs, known }: { fromMs: number; toMs: number; known: readonly string[] }): Promise<SignalCount[]> {
  const query = `
    WITH watched AS (SELECT merchant_id FROM transactions WHERE kind = 'purchase' AND reversed = 0 AND time >= toDateTime({to:UInt32}, 'UTC') - INTERVAL 14 DAY AND time < toDateTime({to:UInt32}, 'UTC')
      GROUP BY merchant_id HAVING count() >= {least:UInt32} OR merchant_id IN {known:Array(String)} ORDER BY merchant_id IN {known:Array(String)} DESC, count() DESC LIMIT {most:UInt32})
    SELECT toUnixTimestamp(toStartOfHour(time)) * 1000 AS timeMs, if(merchant_id IN watched, merchant_id, '') AS merchantId, countIf(t.reversed = 0) AS count, countIf(t.reversed > 0) AS takenBack
    FROM transactions AS t WHERE kind = 'purchase' AND time >= toDateTime({from:UInt32}, 'UTC') AND time < toDateTime({to:UInt32}, 'UTC') GROUP BY timeMs, merchantId ORDER BY timeMs`;
  const rows = await readRows<HourOfPurchases>(client, query, { from: fromMs / 1000, to: toMs / 1000, least: leastPurchases, most: mostMerchants, known });
  const hours = totals(rows, () => 'all');
  const all = [...hours].map(([timeMs, by]) => [timeMs, by.get('all')!] as const);
  const merchants = totals(rows, ({ merchantId }) => merchantId);
  const names = new Set([...known, ...rows.map(({ merchantId }) => merchantId)].filter((name) => name !== ''));
  return all.flatMap(([timeMs, { count, reversed }]) => [
    { signal: 'share:reversed', timeMs, count: reversed, exposure: count },
    ...[...names].map((name) => outOfOthers(`merchant:${name}`, timeMs, merchants.get(timeMs)?.get(name)?.count ?? 0, count)),
  ]).filter(({ exposure }) => exposure > 0);
}

function outOfOthers(signal: string, timeMs: number, count: number, all: number): SignalCount {
  return { signal, timeMs, count, exposure: all - count };
}

type Sums = { count: number; reversed: number };

function totals(rows: readonly HourOfPurchases[], nameOf: (row: HourOfPurchases) => string): Map<number, Map<string, Sums>> {
  const hours = new Map<number, Map<string, Sums>>();
  for (const row of rows) {
    const hour = hours.get(row.timeMs) ?? new Map<string, Sums>();
    hours.set(row.timeMs, hour);
    const before = hour.get(nameOf(row)) ?? { count: 0, reversed: 0 };
    hour.set(nameOf(row), { count: before.count + row.count, reversed: before.reversed + row.takenBack });
  }
  return hours;
}

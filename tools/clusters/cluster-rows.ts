import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import { featureNames, featuresVersion } from '@sp/features';
import type { ClusterRows } from '@sp/learning';

export interface NamedRows extends ClusterRows {
  /** Whose row it is. */
  readonly names: readonly string[];
}

/** How a client behaves, and not who he is or what he was offered: groups are to be alike in what offers can be about. */
const clientColumns = [
  'purchases30d', 'purchases90d', 'spendMinor30d', 'spendMinor90d', 'averageCheckTrend', 'gapMeanDays', 'gapDeviationDays', 'merchants30d', 'topMerchantShare', 'groupEntropy',
  'weekendShare', 'nightShare', 'onlineShare', 'medianAmountMinor90d', 'maxAmountMinor90d', 'appOpens7d', 'appSearchesDecayed', 'usualRadiusKm',
] as const;

/** The newest vector that a decision used, of so many clients. */
export async function clientRows(client: ClickHouseClient, most: number): Promise<NamedRows> {
  const columns = clientColumns.filter((column) => featureNames.includes(column));
  const rows = await readRows<{ name: string; vector: (number | null)[] }>(
    client,
    `SELECT client_id AS name, argMax(features, time) AS vector FROM decisions WHERE JSONExtractString(record, 'versions', 'features') = {version:String}
     GROUP BY client_id ORDER BY cityHash64(client_id), client_id LIMIT {most:UInt32}`,
    { version: featuresVersion, most },
  );
  const places = columns.map((column) => featureNames.indexOf(column));
  return { kind: 'client-clusters', columns, names: rows.map(({ name }) => name), rows: rows.map(({ vector }) => places.map((place) => vector[place] ?? NaN)) };
}

const merchantColumns = ['purchasesADay', 'clientsADay', 'averageCheckMinor', 'onlineShare', 'returningShare', 'weekendShare', 'eveningShare', 'reversedShare'] as const;

/** What merchants' purchases look like; those with at least ten. */
export async function merchantRows(client: ClickHouseClient, most: number): Promise<NamedRows> {
  const rows = await readRows<{ name: string; values: (number | null)[] }>(
    client,
    `SELECT merchant_id AS name,
       [n / days, clients / days, spent / n, online / n, 1 - clients / n, weekend / n, evening / n, reversals / n] AS "values"
     FROM (
       SELECT merchant_id, countIf(reversed = 0) AS n, uniqExact(client_id) AS clients, 1 + dateDiff('day', min(time), max(time)) AS days, sumIf(amount_minor, reversed = 0) AS spent,
         countIf(reversed = 0 AND channel = 'online') AS online, countIf(reversed = 0 AND toDayOfWeek(time) > 5) AS weekend, countIf(reversed = 0 AND toHour(time) >= 17) AS evening, countIf(reversed = 1) AS reversals
       FROM transactions WHERE kind = 'purchase' AND merchant_id != '' GROUP BY merchant_id HAVING n >= 10)
     ORDER BY cityHash64(merchant_id), merchant_id LIMIT {most:UInt32}`,
    { most },
  );
  return { kind: 'merchant-clusters', columns: merchantColumns, names: rows.map(({ name }) => name), rows: rows.map(({ values }) => values.map((value) => value ?? NaN)) };
}

import { readRows, type ClickHouseClient } from '@sp/clickhouse';

/** A client came to a merchant with an offer: it was redeemed, or the merchant reported a refusal. */
export interface Visit {
  readonly merchantId: string;
  readonly timeMs: number;
  readonly converted: number;
  /** Of a refusal: the client drew cash or sent money within two hours before it, or one after. */
  readonly traced: number;
}

/**
 * Visits in the order of their time. Only reports count, both kinds at once when they come: what became of offers that nobody spoke of is
 * known much later, and a rate over closed offers would find everybody honest until then.
 */
export function visits(client: ClickHouseClient, fromMs: number, toMs: number): Promise<Visit[]> {
  const query = `
    WITH reports AS (
      SELECT offer_id, any(client_id) AS client_id, min(time) AS at, max(response = 'redeemed') AS converted FROM responses
      WHERE response IN ('redeemed', 'refused-by-merchant') AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64}) GROUP BY offer_id
    ),
    traced AS (
      SELECT DISTINCT r.offer_id AS offer_id FROM reports AS r INNER JOIN (SELECT client_id, time FROM transactions WHERE kind IN ('cash', 'transfer')) AS t ON t.client_id = r.client_id
      WHERE r.converted = 0 AND t.time BETWEEN r.at - INTERVAL 2 HOUR AND r.at + INTERVAL 1 HOUR
    )
    SELECT o.merchant_id AS merchantId, toUnixTimestamp64Milli(r.at) AS timeMs, r.converted AS converted, r.offer_id IN (SELECT offer_id FROM traced) AS traced
    FROM reports AS r INNER JOIN (SELECT DISTINCT offer_id, merchant_id FROM offers WHERE ghost = 0) AS o ON o.offer_id = r.offer_id
    ORDER BY r.at, r.offer_id`;
  return readRows(client, query, { from: fromMs, to: toMs });
}

export async function firstReportMs(client: ClickHouseClient): Promise<number | undefined> {
  const [row] = await readRows<{ at: number | null }>(client, "SELECT toUnixTimestamp64Milli(minOrNull(time)) AS at FROM responses WHERE response IN ('redeemed', 'refused-by-merchant')");
  return row?.at ?? undefined;
}

import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { TimelineEntry } from '@sp/contracts';

/** Of one client, the newest first; of one of his offers where it is named. */
export function timelineOf(client: ClickHouseClient, { clientId, limit, offerId }: { readonly clientId: string; readonly limit: number; readonly offerId?: string }): Promise<TimelineEntry[]> {
  return readRows(client, query, { clientId, limit, offerId: offerId ?? '' });
}

/** A purchase that redeemed an offer belongs to it; others belong to none. */
const query = `
WITH happened AS (
  SELECT t.time AS at, if(t.reversed > 0, 'reversal', toString(t.kind)) AS kind, t.transaction_id AS id, o.offer_id AS offerId, t.merchant_id AS merchantId, '' AS what, t.amount_minor AS amountMinor,
    toString(t.currency) AS currency
  FROM transactions AS t LEFT ANY JOIN (SELECT offer_id, transaction_id FROM latest_outcomes WHERE client_id = {clientId:String} AND transaction_id != '') AS o ON o.transaction_id = t.transaction_id
  WHERE t.client_id = {clientId:String}
  UNION ALL
  SELECT time, 'decision', decision_id, offer_id, merchant_id, concat(outcome, ':', reason), 0, '' FROM decisions WHERE client_id = {clientId:String}
  UNION ALL
  SELECT time, 'response', offer_id, offer_id, '', toString(response), 0, '' FROM responses WHERE client_id = {clientId:String}
  UNION ALL
  SELECT closed_at, 'outcome', offer_id, offer_id, merchant_id, multiIf(redeemed = 1, 'redeemed', declined = 1, 'declined', refused = 1, 'refused', 'expired'), discount_minor, '' FROM latest_outcomes WHERE client_id = {clientId:String}
)
SELECT toUnixTimestamp64Milli(at) AS timeMs, kind, id, offerId, merchantId, what, amountMinor, currency
FROM happened WHERE {offerId:String} = '' OR offerId = {offerId:String}
ORDER BY at DESC, kind LIMIT {limit:UInt32}`;

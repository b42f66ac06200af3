import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { MerchantFunnel } from '@sp/contracts';

export interface MerchantRow extends MerchantFunnel {
  readonly merchantId: string;
  readonly mcc: number;
  readonly pastOffers: number;
  readonly pastRedeemed: number;
}

/** Delivered offers by merchant: those made since `fromMs`, each with the furthest that its answers got it, and those of as many days before. */
export function merchantRows(client: ClickHouseClient, { beforeMs, fromMs, toMs }: { beforeMs: number; fromMs: number; toMs: number }): Promise<MerchantRow[]> {
  const words = ['viewed', 'accepted', 'redeemed', 'confirmed-by-merchant', 'refused-by-merchant'];
  const names = ['viewed', 'accepted', 'redeemed', 'confirmed', 'refused'];
  const query = `
    WITH fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AS newest,
      answers AS (SELECT offer_id, groupUniqArray(toString(response)) AS words FROM responses WHERE time >= fromUnixTimestamp64Milli({beforeMs:Int64}) GROUP BY offer_id)
    SELECT o.merchant_id AS merchantId, any(m.category) AS mcc, countIf(o.time >= newest) AS offers,
      ${names.map((name, place) => `countIf(o.time >= newest AND has(a.words, '${words[place]}')) AS ${name}`).join(', ')},
      countIf(o.time < newest) AS pastOffers, countIf(o.time < newest AND has(a.words, 'redeemed')) AS pastRedeemed
    FROM (SELECT DISTINCT offer_id, merchant_id, time FROM offers WHERE ghost = 0 AND time >= fromUnixTimestamp64Milli({beforeMs:Int64}) AND time < fromUnixTimestamp64Milli({toMs:Int64})) AS o
    LEFT JOIN answers AS a ON a.offer_id = o.offer_id
    LEFT JOIN (SELECT merchant_id, anyIf(mcc, mcc > 0) AS category FROM transactions WHERE merchant_id != '' GROUP BY merchant_id) AS m ON m.merchant_id = o.merchant_id
    GROUP BY merchantId HAVING offers > 0 ORDER BY offers DESC, merchantId LIMIT 1000`;
  return readRows(client, query, { beforeMs, fromMs, toMs });
}

import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { SignalCount } from './signal-counts.query';

/** By the hour: of each arm's decisions those that end in an offer, of the offers seen those accepted (by arm, by category), of visits with an offer those refused. */
export async function offerShares(client: ClickHouseClient, fromMs: number, toMs: number): Promise<SignalCount[]> {
  const span = `time >= toDateTime({from:UInt32}, 'UTC') AND time < toDateTime({to:UInt32}, 'UTC')`;
  const hour = 'toUnixTimestamp(toStartOfHour(time)) * 1000';
  const offered = `SELECT concat('offered:', arm) AS signal, ${hour} AS timeMs, countIf(outcome != 'none') AS count, count() AS exposure FROM decisions WHERE arm != '' AND ${span} GROUP BY signal, timeMs ORDER BY timeMs`;
  const answers = `
    SELECT concat('accepted:', dimension) AS signal, timeMs, countIf(response = 'accepted') AS count, countIf(response = 'viewed') AS exposure FROM (
      SELECT ${hour} AS timeMs, response, arrayJoin([o.arm, m.category]) AS dimension
      FROM (SELECT offer_id, response, time FROM responses WHERE response IN ('viewed', 'accepted') AND ${span}) AS r
      INNER JOIN (SELECT offer_id, any(toString(arm)) AS arm, any(merchant_id) AS merchant FROM offers WHERE offer_id IN (SELECT offer_id FROM responses WHERE ${span}) GROUP BY offer_id) AS o ON o.offer_id = r.offer_id
      LEFT JOIN (SELECT merchant_id, toString(any(mcc)) AS category FROM transactions WHERE mcc > 0 GROUP BY merchant_id) AS m ON m.merchant_id = o.merchant
    ) WHERE dimension != '' GROUP BY signal, timeMs HAVING exposure > 0 ORDER BY timeMs`;
  const refused = `SELECT 'share:refused' AS signal, ${hour} AS timeMs, countIf(response = 'refused-by-merchant') AS count, countIf(response IN ('redeemed', 'refused-by-merchant')) AS exposure FROM responses WHERE ${span} GROUP BY timeMs HAVING exposure > 0 ORDER BY timeMs`;
  return (await Promise.all([offered, answers, refused].map((query) => readRows<SignalCount>(client, query, { from: fromMs / 1000, to: toMs / 1000 })))).flat();
}

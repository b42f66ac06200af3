import type { ClickHouseClient } from '@clickhouse/client';
import type { IncrementalGrouping } from '@sp/contracts';
import { readRows } from '../read-rows';

/** Sums over the clients of one group and side: `x` is a client's offers (or ghosts), `y` what they earned, `z` the purchases in their time. */
export interface GroupSums {
  readonly grouping: IncrementalGrouping;
  readonly group: string;
  readonly isGhost: boolean;
  readonly n: number;
  readonly sumX: number;
  readonly sumXX: number;
  readonly sumY: number;
  readonly sumYY: number;
  readonly sumXY: number;
  readonly sumZ: number;
  readonly sumZZ: number;
  readonly sumXZ: number;
}

/** The model arm's offers and the holdout's ghosts whose time is over, each by its last word; campaigns with the most of both. */
export async function offersAndGhosts(client: ClickHouseClient, mostCampaigns: number): Promise<GroupSums[]> {
  const rows = await readRows<Omit<GroupSums, 'isGhost'> & { isGhost: number }>(client, query, { mostCampaigns });
  return rows.map((row) => ({ ...row, isGhost: Number(row.isGhost) === 1 }));
}

const query = `
WITH
  (SELECT max(closed_at) FROM outcomes) AS until,
  told AS (
    SELECT client_id, ghost, objective, scenario, campaign_id, reward_minor, purchases FROM latest_outcomes
    WHERE known_at <= until AND objective != '' AND ((arm = 'model' AND ghost = 0) OR (arm = 'holdout' AND ghost = 1))
  ),
  segments AS (SELECT subject AS client_id, argMax(JSONExtractString(data, 'segment'), time) AS segment FROM feature_inputs WHERE type = 'client.registered' GROUP BY subject),
  shown AS (SELECT campaign_id FROM told GROUP BY campaign_id ORDER BY count() DESC, campaign_id LIMIT {mostCampaigns:UInt32})
SELECT pair.1 AS "grouping", pair.2 AS "group", ghost AS "isGhost", count() AS n, sum(x) AS "sumX", sum(x * x) AS "sumXX",
  sum(y) AS "sumY", sum(y * y) AS "sumYY", sum(x * y) AS "sumXY", sum(z) AS "sumZ", sum(z * z) AS "sumZZ", sum(x * z) AS "sumXZ"
FROM (
  SELECT arrayJoin([('all', ''), ('objective', toString(t.objective)), ('scenario', toString(t.scenario)), ('segment', s.segment), ('campaign', toString(t.campaign_id))]) AS pair, t.ghost AS ghost, t.client_id AS client,
    toFloat64(count()) AS x, sum(toFloat64(t.reward_minor)) AS y, sum(toFloat64(t.purchases)) AS z
  FROM told AS t LEFT JOIN segments AS s ON s.client_id = t.client_id
  GROUP BY pair, ghost, client
)
WHERE (pair.1 = 'all' OR pair.2 != '') AND (pair.1 != 'campaign' OR pair.2 IN (SELECT campaign_id FROM shown))
GROUP BY pair, ghost ORDER BY pair, ghost`;

import type { ClickHouseClient } from '@clickhouse/client';
import { readRows } from '../read-rows';

/** What was predicted of a campaign's offers whose time is over, and what came of them. */
export interface CampaignAnswerRow {
  readonly campaignId: string;
  readonly expected: number;
  readonly redeemed: number;
}

/** Of the random arm, which is not drawn to offers that were predicted too high, by the model in use, over the last four weeks of the line's time. */
export async function readCampaignAnswers(client: ClickHouseClient): Promise<CampaignAnswerRow[]> {
  const rows = await readRows<CampaignAnswerRow>(client, query);
  return rows.map(({ campaignId, expected, redeemed }) => ({ campaignId, expected: Number(expected), redeemed: Number(redeemed) }));
}

const query = `
WITH (SELECT max(closed_at) FROM outcomes) AS until, (SELECT argMax(model_version, time) FROM decisions) AS model
SELECT d.campaign_id AS "campaignId", sum(d.score) AS expected, countIf(o.redeemed = 1) AS redeemed
FROM decisions AS d INNER JOIN latest_outcomes AS o ON o.offer_id = d.offer_id
WHERE d.outcome = 'offer' AND d.arm = 'random' AND d.model_version = model AND o.known_at <= until AND o.known_at > until - INTERVAL 28 DAY
GROUP BY d.campaign_id ORDER BY d.campaign_id`;

import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import { readDecision, type DecisionDetail, type DecisionSummary, type LoggedDecision } from '@sp/contracts';

interface Row extends Omit<DecisionSummary, 'merchantId' | 'campaignId' | 'terms'> {
  readonly merchantId: string;
  readonly campaignId: string;
  readonly discountPercent: number;
  readonly validityDays: number;
  readonly minimumCheckMinor: number;
}

/** The newest first; of one client where one is named. */
export async function recentDecisions(client: ClickHouseClient, { clientId, limit }: { readonly clientId?: string; readonly limit: number }): Promise<DecisionSummary[]> {
  const where = clientId === undefined ? '' : 'WHERE client_id = {clientId:String}';
  const query = `
    SELECT decision_id AS decisionId, client_id AS clientId, toUnixTimestamp64Milli(time) AS timeMs, scenario, trigger, arm, outcome, reason, merchant_id AS merchantId,
      campaign_id AS campaignId, discount_percent AS discountPercent, validity_days AS validityDays, minimum_check_minor AS minimumCheckMinor
    FROM decisions ${where} ORDER BY time DESC, decision_id DESC LIMIT {limit:UInt32}`;
  const rows = await readRows<Row>(client, query, { limit, ...(clientId === undefined ? {} : { clientId }) });
  return rows.map(summaryOf);
}

/** The whole record; undefined where there is none of this id. */
export async function decisionById(client: ClickHouseClient, decisionId: string): Promise<DecisionDetail | undefined> {
  const query = 'SELECT record, toUnixTimestamp64Milli(time) AS timeMs FROM decisions WHERE decision_id = {decisionId:String} LIMIT 1';
  const [row] = await readRows<{ record: string; timeMs: number }>(client, query, { decisionId });
  return row && { ...readDecision(JSON.parse(row.record) as LoggedDecision), timeMs: row.timeMs };
}

function summaryOf({ merchantId, campaignId, discountPercent, validityDays, minimumCheckMinor, ...decision }: Row): DecisionSummary {
  if (decision.outcome === 'none') return decision;
  return { ...decision, merchantId, campaignId, terms: { discountPercent, validityDays, minimumCheckMinor } };
}

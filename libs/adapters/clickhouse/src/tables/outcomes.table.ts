import type { ClickHouseClient } from '@clickhouse/client';
import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';
import { readRows } from '../read-rows';

/** What became of an offer or a ghost once its time was over: the rewards, and with `features` the training examples. */
export const outcomes = defineTable({
  name: 'outcomes',
  columns: {
    offerId: 'text', decisionId: 'text', clientId: 'text', merchantId: 'text', campaignId: 'text', scenario: 'text', arm: 'text', ghost: 'flag',
    issuedAt: 'timeMs', closedAt: 'timeMs', viewed: 'flag', accepted: 'flag', declined: 'flag', redeemed: 'flag', refused: 'flag',
    spendMinor: 'integer', discountMinor: 'integer', transactionId: 'text', labelSource: 'text', propensity: 'number', features: 'numbers',
  },
});

export type OutcomeRow = RowOf<typeof outcomes>;

export interface RedemptionExample {
  readonly issuedAtMs: number;
  readonly redeemed: boolean;
  /** NaN is "not known". */
  readonly features: readonly number[];
}

/**
 * What is learned from: offers really made by the arm that draws them at random, so that terms and clients meet by chance,
 * with the vector of the decision's moment, in the order of issue. Only offers so old that even the slowest outcome would be known:
 * of the young ones none but the quickly redeemed have come to their end, and a model would learn from them that newer offers are better.
 */
export async function readRedemptionExamples(client: ClickHouseClient): Promise<RedemptionExample[]> {
  const rows = await readRows<{ issuedAtMs: number; redeemed: number; features: (number | null)[] }>(
    client,
    `WITH (SELECT max(toUnixTimestamp64Milli(closed_at)) FROM outcomes) AS knownUntilMs,
      (SELECT max(toUnixTimestamp64Milli(closed_at) - toUnixTimestamp64Milli(issued_at)) FROM outcomes) AS slowestMs
    SELECT toUnixTimestamp64Milli(issued_at) AS "issuedAtMs", redeemed, features FROM outcomes
    WHERE arm = 'random' AND ghost = 0 AND toUnixTimestamp64Milli(issued_at) <= knownUntilMs - slowestMs ORDER BY issued_at, offer_id`,
    {},
  );
  return rows.map(({ issuedAtMs, redeemed, features }) => ({ issuedAtMs, redeemed: redeemed === 1, features: features.map((value) => value ?? Number.NaN) }));
}

import type { ClickHouseClient } from '@clickhouse/client';
import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';
import { readRows } from '../read-rows';

/**
 * What became of an offer or a ghost: the rewards, and with `features` the training examples. A row is one word on it; the view
 * `latest_outcomes` holds the last word on each, and is what figures are made of.
 */
export const outcomes = defineTable({
  name: 'outcomes',
  columns: {
    offerId: 'text', decisionId: 'text', clientId: 'text', merchantId: 'text', campaignId: 'text', scenario: 'text', arm: 'text', ghost: 'flag',
    issuedAt: 'timeMs', closedAt: 'timeMs', viewed: 'flag', accepted: 'flag', declined: 'flag', redeemed: 'flag', refused: 'flag',
    spendMinor: 'integer', discountMinor: 'integer', transactionId: 'text', labelSource: 'text', propensity: 'number', features: 'numbers',
    revision: 'integer', knownAt: 'timeMs', reversedMinor: 'integer', purchases: 'integer', windowSpendMinor: 'integer', objective: 'text', rewardMinor: 'integer', marginMinor: 'integer',
    frequencyMinor: 'integer', averageCheckMinor: 'integer', newMerchantMinor: 'integer',
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
 * with the vector of the decision's moment, one a decision, in the order of issue, each by its last word. Only offers whose time and grace
 * are over: of the younger ones none but the quickly redeemed have come to their end, and a model would learn from them that newer offers are better.
 */
export async function readRedemptionExamples(client: ClickHouseClient): Promise<RedemptionExample[]> {
  const rows = await readRows<{ issuedAtMs: number; redeemed: number; features: (number | null)[] }>(
    client,
    `SELECT toUnixTimestamp64Milli(issued_at) AS "issuedAtMs", redeemed, features FROM latest_outcomes
    WHERE arm = 'random' AND ghost = 0 AND known_at <= (SELECT max(closed_at) FROM outcomes) ORDER BY issued_at, offer_id LIMIT 1 BY decision_id`,
    {},
  );
  return rows.map(({ issuedAtMs, redeemed, features }) => ({ issuedAtMs, redeemed: redeemed === 1, features: features.map((value) => value ?? Number.NaN) }));
}

/** How far the line's time has come, and how much there is to learn from by then. */
export interface Learnable {
  readonly untilMs: number;
  readonly examples: number;
}

/** Undefined before the first outcome. Counts repeated decisions and amended outcomes too: it is a trigger, not a card. */
export async function readLearnable(client: ClickHouseClient): Promise<Learnable | undefined> {
  const [row] = await readRows<{ untilMs: number; examples: number; all: number }>(
    client,
    `WITH (SELECT max(closed_at) FROM outcomes) AS until
    SELECT toUnixTimestamp64Milli(until) AS "untilMs", countIf(arm = 'random' AND ghost = 0 AND known_at <= until) AS examples, count() AS "all" FROM outcomes`,
    {},
  );
  return row && Number(row.all) > 0 ? { untilMs: Number(row.untilMs), examples: Number(row.examples) } : undefined;
}

/** Offers that are no examples by the first reason that keeps them out; together with the examples they are all offers and ghosts that were decided. */
export interface TrainingSetCard {
  readonly examples: number;
  readonly redeemed: number;
  /** Of the examples, those whose redemption was taken back again by a reversal. */
  readonly takenBack: number;
  readonly leftOut: Readonly<Record<LeftOutReason, number>>;
}

/**
 * `ghost`: nothing was offered. `chosen-by-policy`: by rules or by the model, so that what they chose and whom they met hang together.
 * `time-not-over`: it may still be redeemed, or its outcome has not come. `repeated`: a decision that is there already.
 */
export type LeftOutReason = 'ghost' | 'chosen-by-policy' | 'time-not-over' | 'repeated';

export async function readTrainingSetCard(client: ClickHouseClient): Promise<TrainingSetCard> {
  const query = `
    SELECT multiIf(d.outcome = 'ghost', 'ghost', d.arm != 'random', 'chosen-by-policy', o.offer_id = '' OR o.known_at > (SELECT max(closed_at) FROM outcomes), 'time-not-over', 'example') AS reason,
      count() AS decided, uniqExact(d.decision_id) AS offers, uniqExactIf(d.decision_id, o.redeemed = 1) AS redeemed, uniqExactIf(d.decision_id, o.label_source = 'reversal') AS "takenBack"
    FROM (SELECT decision_id, offer_id, outcome, arm FROM decisions WHERE offer_id != '') AS d
    LEFT JOIN (SELECT offer_id, known_at, redeemed, label_source FROM latest_outcomes) AS o ON o.offer_id = d.offer_id
    GROUP BY reason`;
  const rows = await readRows<{ reason: string; decided: number; offers: number; redeemed: number; takenBack: number }>(client, query);
  const found = new Map(rows.map((row) => [row.reason, row]));
  const offersOf = (reason: string): number => Number(found.get(reason)?.offers ?? 0);
  const repeated = rows.reduce((sum, { decided, offers }) => sum + Number(decided) - Number(offers), 0);
  const example = found.get('example');
  return {
    examples: offersOf('example'), redeemed: Number(example?.redeemed ?? 0), takenBack: Number(example?.takenBack ?? 0),
    leftOut: { 'ghost': offersOf('ghost'), 'chosen-by-policy': offersOf('chosen-by-policy'), 'time-not-over': offersOf('time-not-over'), repeated },
  };
}

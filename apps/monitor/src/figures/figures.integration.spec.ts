/** Real: the built embedded ClickHouse, the project's own migrations and table writers. Nothing is faked. */
import {
  applyMigrations, armMetricSums, assignments, connectClickHouse, decisions, eventCounts, offers, outcomes, readMigrations, responses, reversals, transactions,
  type ClickHouseClient, type DecisionRow, type OutcomeRow,
} from '@sp/clickhouse';
import type { ArmPolicy } from '@sp/contracts';
import { builtFile, freePort, startProcess, type ProcessHandle } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { armOffers } from './arm-offers.query';
import { decisionLog, noteDecision } from './decision-log.query';
import { readExperimentCourse } from './experiment-course';
import { nextStepOf } from './experiment-health';
import { cumulativeSpend } from './cumulative-spend.query';
import { campaignFigures } from './campaigns.query';
import { decisionsByOutcome } from './decisions-by-outcome.query';
import { decisionById, recentDecisions } from './decisions.query';
import { readExperiments } from './experiments';
import { modelsInUse } from './models-in-use.query';
import { newestEventMs } from './newest-event.query';
import { offersByScenario } from './offers-by-scenario.query';
import { unavailability } from './unavailable';

const dayMs = 86_400_000;
/** Long ago on purpose: a query that filters by the wall clock finds nothing. */
const startMs = Date.UTC(2021, 4, 3, 9);
const untilMs = startMs + 10 * dayMs;
const folder = mkdtempSync(join(tmpdir(), 'monitor-figures-'));
const options = { alpha: 0.05, tightestAtClientDays: 20_000, horizonDays: 28, marginPercent: 10 };
let clickhouse: ProcessHandle;
let client: ClickHouseClient;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { EMBEDDED_CLICKHOUSE_PORT: String(port), EMBEDDED_CLICKHOUSE_FOLDER: join(folder, 'data') };
  clickhouse = await startProcess({ name: 'embedded-clickhouse', command: process.execPath, args: [builtFile('apps/embedded-clickhouse.js')], env, readyUrl: `${url}/ping` });
  client = connectClickHouse(url);
  await applyMigrations(client, readMigrations('deploy/clickhouse/migrations'), () => undefined);
});
afterAll(async () => {
  await client.close();
  await clickhouse.stop();
  rmSync(folder, { recursive: true, force: true });
});

let ordinal = 0;
const place = () => ({ partition: 0, linePosition: 1, ordinal: ordinal++ });
const token = (): { token: string } => ({ token: `spec:0:${ordinal++}` });

const assigned = (clientId: string, arm: ArmPolicy, over: { epoch?: number; time?: number } = {}) => ({ ...place(), clientId, experimentId: 'always-on', epoch: 1, arm, time: startMs, ...over });
const bought = (clientId: string, amountMinor: number, time: number, currency = 'EUR', reversed: number = reversals.none) => ({
  ...place(), transactionId: `t${ordinal}`, clientId, time, kind: 'purchase', merchantId: 'm1', mcc: 5411, amountMinor, currency, channel: 'offline', reversed,
});
const decided = (decisionId: string, clientId: string, arm: ArmPolicy, over: Partial<DecisionRow> = {}): DecisionRow => ({
  ...place(), decisionId, clientId, time: startMs + ordinal, scenario: 'event', trigger: 'after-purchase', arm, experimentArm: arm, experimentId: 'always-on', epoch: 1, salt: 's', outcome: arm === 'holdout' ? 'ghost' : 'offer',
  reason: 'chosen', merchantId: 'm1', campaignId: 'k1', discountPercent: 10, validityDays: 7, minimumCheckMinor: 500, offerId: `o-${decisionId}`, propensity: 0.5, exploration: false, score: 0.2,
  valueMinor: 30, modelVersion: 'v1', features: [1, 2], record: JSON.stringify({ decisionId, clientId, arm, considered: [] }), ...over,
});
const offered = ({ decisionId, offerId, clientId, merchantId, campaignId, scenario, arm, time, propensity, discountPercent, validityDays, minimumCheckMinor }: DecisionRow) => ({
  ...place(), offerId, decisionId, clientId, merchantId, campaignId, scenario, arm, time, validUntil: time + 7 * dayMs, discountPercent, validityDays, minimumCheckMinor, ghost: arm === 'holdout', propensity,
});
const closed = (decision: DecisionRow, over: Partial<OutcomeRow>): OutcomeRow => {
  const { decisionId, offerId, clientId, merchantId, campaignId, scenario, arm, time } = decision;
  return {
    ...place(), decisionId, offerId, clientId, merchantId, campaignId, scenario, arm, ghost: arm === 'holdout', issuedAt: time, closedAt: time + dayMs, viewed: true, accepted: false, declined: false, redeemed: false,
    refused: false, spendMinor: 0, discountMinor: 0, transactionId: '', labelSource: 'expiry', propensity: 0.5, features: [1, 2], revision: 0, knownAt: time + 8 * dayMs, reversedMinor: 0, purchases: 0, windowSpendMinor: 0,
    objective: 'spend', rewardMinor: 0, marginMinor: 0, frequencyMinor: 0, averageCheckMinor: 0, newMerchantMinor: 0, ...over,
  };
};

const epoch = { experimentId: 'always-on', epoch: 1, startedMs: startMs, arms: ['holdout', 'random', 'rules', 'model'], counted: 'totals' as const };

async function oneExperiment() {
  const { counted: [first, ...others] } = await readExperiments(client, options);
  if (!first) throw new Error('no experiment');
  return { counted: [first, ...others] as const };
}

describe('in an empty folder', () => {
  test('nothing is found and nothing fails', async () => {
    expect(await newestEventMs(client)).toBeUndefined();
    expect(await readExperiments(client, options)).toEqual({ counted: [], declared: [] });
    expect(await armOffers(client, epoch)).toEqual([]);
    expect(await Promise.all([offersByScenario(client), decisionsByOutcome(client), recentDecisions(client, { limit: 5 }), campaignFigures(client), modelsInUse(client)])).toEqual([[], [], [], [], []]);
  });
});

describe('with a week of two arms', () => {
  beforeAll(async () => {
    await assignments.insert(client, [assigned('h1', 'holdout'), assigned('h2', 'holdout'), assigned('a1', 'model'), assigned('a2', 'model'), assigned('a3', 'model', { time: startMs + 5 * dayMs }), assigned('a1', 'rules', { epoch: 0 })], token());
    await transactions.insert(client, [
      bought('h1', 1000, startMs + dayMs), bought('h1', 500, startMs + 2 * dayMs), bought('h1', 500, startMs + 3 * dayMs, 'EUR', reversals.whole),
      bought('a1', 3000, startMs + dayMs), bought('a1', 9999, startMs + dayMs, 'USD'), bought('a3', 7000, startMs + dayMs), bought('a3', 2000, startMs + 6 * dayMs), bought('stranger', 5000, startMs + dayMs),
    ], token());
    const made = [decided('d1', 'a1', 'model'), decided('d2', 'a1', 'model', { scenario: 'timer' }), decided('d3', 'a2', 'model'), decided('d4', 'h1', 'holdout'), decided('d5', 'a1', 'rules', { epoch: 0 })];
    const silent = decided('d6', 'a2', 'model', { outcome: 'none', reason: 'weekly-cap', offerId: '', merchantId: '', campaignId: '' });
    await decisions.insert(client, [...made, silent], token());
    await offers.insert(client, made.map(offered), token());
    await responses.insert(client, [1, 2].map(() => ({ ...place(), offerId: 'o-d1', clientId: 'a1', time: startMs + dayMs, response: 'accepted', reason: '', transactionId: '' })), token());
    const [d1, , , d4] = made as [DecisionRow, DecisionRow, DecisionRow, DecisionRow];
    await outcomes.insert(client, [closed(d1, { redeemed: true, accepted: true, spendMinor: 3000, discountMinor: 300 }), closed(d4, { redeemed: true, spendMinor: 1000, discountMinor: 100 })], token());
    const consent = (subject: string, offersAllowed: boolean) => ({ ...place(), partition: 0, line_position: 1, ordinal: ordinal++, subject, type: 'client.consent.changed', event_id: `e${ordinal}`, source: 's', time: '2021-05-05 00:00:00.000', data: JSON.stringify({ consents: { offers: offersAllowed, geo: false } }) });
    const registered = (subject: string, segment: string) => ({ ...consent(subject, true), type: 'client.registered', data: JSON.stringify({ segment }) });
    const inputs = [consent('a1', false), consent('h1', true), registered('h1', 'mass'), registered('a1', 'mass'), registered('a2', 'premium')].map(({ linePosition: _, ...row }) => row);
    await client.insert({ table: 'feature_inputs', values: inputs, format: 'JSONEachRow' });
    await eventCounts.insert(client, [{ ...place(), minute: untilMs - 60_000, type: 'client.acted', count: 3 }], token());
  });

  test("time is the events', not today's", async () => {
    expect(await newestEventMs(client)).toBe(untilMs);
  });

  test('offers are summed by client; a response told twice counts once, another epoch not at all', async () => {
    const arms = Object.fromEntries((await armOffers(client, epoch)).map((row) => [row.arm, row]));
    expect(arms['model']).toMatchObject({ clients: 2, offers: 3, offersSquared: 5, accepted: 1, acceptedSquared: 1, offersTimesAccepted: 2, redeemed: 1, offersTimesRedeemed: 2 });
    expect(arms['holdout']).toMatchObject({ clients: 1, offers: 1, accepted: 0, redeemed: 1 });
    expect(arms['rules']).toBeUndefined();
  });

  test('the experiment puts both together', async () => {
    const { counted: [{ experiment }, ...others] } = await oneExperiment();
    expect(others).toEqual([]);
    expect(experiment).toMatchObject({ experimentId: 'always-on', epoch: 1, control: 'holdout', deciding: 'spend', currency: 'EUR', startedMs: startMs, untilMs });
    expect(experiment?.arms.map(({ arm, clients, offers: made, verdict }) => [arm, clients, made, verdict])).toEqual([['holdout', 2, 1, undefined], ['model', 3, 3, 'too-few-clients']]);
  });

  const metricOptions = { untilMs, marginPercent: 10, capQuantile: 0.99 };

  test('one row a client is kept up to date: sums and squares of every metric by arm', async () => {
    const arms = Object.fromEntries((await armMetricSums(client, epoch, metricOptions)).map((row) => [row.arm, row]));
    expect(arms['holdout']).toMatchObject({ n: 2, net: 1000, netSquared: 1_000_000, purchases: 1, spendTimesPurchases: 1000, margin: 100, activeWeeks: 1, optedOut: 0, inSeveralArms: 0 });
    // a1 3000 - 300, a3 7000 + 2000: within an epoch a client is announced with his first event, so nothing is older than that
    expect(arms['model']).toMatchObject({ n: 3, net: 11_700, netSquared: 2700 ** 2 + 9000 ** 2, spend: 12_000, purchases: 3, margin: 900, marginSquared: 900 ** 2, optedOut: 1 });
  });

  test('an epoch that began later leaves out what is older', async () => {
    const later = await armMetricSums(client, { ...epoch, counted: 'days', startedMs: startMs + 5 * dayMs }, { ...metricOptions, capQuantile: 1 });
    // before it: a1 3000 and a3 7000, which clients are adjusted by
    expect(later.find(({ arm }) => arm === 'model')).toMatchObject({ n: 3, spend: 2000, purchases: 1, before: 10_000, beforeSquared: 3000 ** 2 + 7000 ** 2, cappedTimesBefore: 2000 * 7000, activeWeeks: 1, optedOut: 0 });
    const upTo = await armMetricSums(client, { ...epoch, counted: 'days' }, { ...metricOptions, untilMs: startMs + 2 * dayMs });
    expect(upTo.find(({ arm }) => arm === 'model')).toMatchObject({ n: 3, spend: 10_000, purchases: 2 });
  });

  test('spend is cumulated by days since the start and since the first offer or ghost', async () => {
    const start = Object.fromEntries((await cumulativeSpend(client, epoch, 'start', untilMs)).map((row) => [row.arm, row]));
    expect(start['holdout']?.sum.slice(0, 4)).toEqual([0, 1000, 1500, 1000]);
    expect(start['model']?.sum).toHaveLength(10);
    expect(start['model']?.n[0]).toBe(3);
    // of the model's arm only those who had an offer: a1 and a2
    const exposed = Object.fromEntries((await cumulativeSpend(client, epoch, 'exposure', untilMs)).map((row) => [row.arm, row]));
    expect(exposed['model']).toMatchObject({ n: expect.arrayContaining([2]) });
    expect(exposed['model']?.sum.at(-1)).toBe(2700);
    expect(exposed['holdout']?.n[0]).toBe(1);
  });

  test('the whole experiment is put together', async () => {
    const { counted: [counted] } = await oneExperiment();
    const detail = { ...counted, ...(await readExperimentCourse(client, counted, options)) };
    expect(detail.metrics).toHaveLength(16);
    expect(detail.metrics.find(({ metric, arm }) => metric === 'average-check' && arm === 'model')?.mean).toMatchObject({ known: true, value: 4000 });
    expect(detail.traffic).toContainEqual({ dayMs: Date.UTC(2021, 4, 3), arm: 'model', clients: 2 });
    expect(detail.series.map(({ arm }) => arm)).toEqual(['model']);
    expect(detail.segments.map(({ segment, arm }) => [segment, arm])).toEqual([['mass', 'model'], ['premium', 'model']]);
    expect(detail.health).toMatchObject({ inSeveralArms: 0, horizonDays: 28, daysSoFar: 10 });
    expect(JSON.stringify(detail)).not.toMatch(/NaN|Infinity/);
  });

  test('what was decided is kept with its author, its reason and what was known', async () => {
    const { counted: [{ experiment }] } = await oneExperiment();
    await noteDecision(client, experiment, { by: 'ann', decision: 'ship', reason: "it earns more, doesn't it", nextStep: 'wait' });
    expect(await decisionLog(client, experiment)).toEqual([{ atMs: expect.any(Number), by: 'ann', decision: 'ship', reason: "it earns more, doesn't it", knownUntilMs: untilMs, nextStep: 'wait' }]);
    expect(await decisionLog(client, { ...experiment, epoch: 7 })).toEqual([]);
  });

  test('a biased assignment comes before every other step', async () => {
    const { counted: [{ experiment }] } = await oneExperiment();
    const health = { splitBroken: false, severalArmsTooMany: false, biasedBefore: false, guardrails: [], daysSoFar: 3, horizonDays: 28 };
    const won = { ...experiment, arms: experiment.arms.map((arm) => ({ ...arm, verdict: 'higher' as const })) };
    expect(nextStepOf(won, health)).toBe('decide-higher');
    expect(nextStepOf(won, { ...health, splitBroken: true })).toBe('mend-split');
    expect(nextStepOf(won, { ...health, biasedBefore: true })).toBe('mend-split');
    expect(nextStepOf(won, { ...health, guardrails: [{ metric: 'opt-outs', arm: 'model', tolerance: 0, state: 'broken' }] })).toBe('stop-guardrail');
    expect(nextStepOf(experiment, health)).toBe('wait');
    expect(nextStepOf(experiment, { ...health, daysSoFar: 28 })).toBe('horizon-reached');
  });

  test('delivered offers are counted by scenario, decisions by outcome and reason', async () => {
    expect(await offersByScenario(client)).toEqual([{ scenario: 'event', offers: 3 }, { scenario: 'timer', offers: 1 }]);
    expect(await decisionsByOutcome(client)).toEqual([
      { outcome: 'ghost', reason: 'chosen', decisions: 1 }, { outcome: 'none', reason: 'weekly-cap', decisions: 1 }, { outcome: 'offer', reason: 'chosen', decisions: 4 },
    ]);
  });

  test('decisions are listed newest first, of a client too, and "no offer" names no merchant', async () => {
    expect((await recentDecisions(client, { limit: 2 })).map(({ decisionId }) => decisionId)).toEqual(['d6', 'd5']);
    const [silent, offer] = await recentDecisions(client, { clientId: 'a2', limit: 10 });
    expect(silent).not.toHaveProperty('merchantId');
    expect(offer).toMatchObject({ decisionId: 'd3', merchantId: 'm1', terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 500 } });
  });

  test('a quote in an id is an id, not SQL', async () => {
    expect(await recentDecisions(client, { clientId: "a2' OR 1 = 1 --", limit: 10 })).toEqual([]);
  });

  test('one decision is its whole record and its time', async () => {
    expect(await decisionById(client, 'd1')).toMatchObject({ decisionId: 'd1', considered: [], timeMs: expect.any(Number) });
    expect(await decisionById(client, 'd99')).toBeUndefined();
  });

  test('campaigns and models are listed', async () => {
    expect(await campaignFigures(client)).toMatchObject([{ campaignId: 'k1', merchantId: 'm1', currency: 'EUR', offers: 4, accepted: 1, redeemed: 1, spendMinor: 3000, discountMinor: 300 }]);
    expect(await modelsInUse(client)).toMatchObject([{ version: 'v1', decisions: 6 }]);
  });

  test('an outcome that is amended amends discount, spend less discounts and margin of offers', async () => {
    const before = (await armMetricSums(client, epoch, metricOptions)).find(({ arm }) => arm === 'model')!;
    const d1 = decided('d1', 'a1', 'model', { time: startMs });
    await outcomes.insert(client, [closed(d1, { redeemed: true, accepted: true, spendMinor: 1500, discountMinor: 150, reversedMinor: 1500, marginMinor: 75, revision: 1 })], token());
    const after = (await armMetricSums(client, epoch, metricOptions)).find(({ arm }) => arm === 'model')!;
    expect([after.net - before.net, after.offerMargin - before.offerMargin, after.spend - before.spend]).toEqual([150, 75, 0]);
    expect(after.offerMarginSquared).toBe(75 ** 2);
  });
});

test('a ClickHouse that is not there is a sentence, a wrong query is not', async () => {
  const away = connectClickHouse(`http://127.0.0.1:${await freePort()}`);
  const refused = await newestEventMs(away).catch((error: unknown) => error);
  expect(unavailability(refused)).toContain('ClickHouse does not answer');
  const wrong = await client.query({ query: 'SELEKT 1' }).catch((error: unknown) => error);
  expect(unavailability(wrong)).toBeUndefined();
  const missing = await client.query({ query: 'SELECT * FROM nowhere' }).catch((error: unknown) => error);
  expect(unavailability(missing)).toContain('migrate');
  await away.close();
});

/** Real: the built embedded ClickHouse, the project's own migrations and table writers. Each figure of the page is held against a plain query. */
import { applyMigrations, assignments, connectClickHouse, eventCounts, experimentWords, outcomes, readMigrations, readRows, reversals, transactions, type ClickHouseClient } from '@sp/clickhouse';
import type { ExperimentMetricName, OwnExperiment } from '@sp/contracts';
import { IncidentBook } from '@sp/monitoring';
import { builtFile, freePort, startProcess, type ProcessHandle } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitEntry } from '../incidents/split-watch';
import { readExperimentCourse } from './experiment-course';
import { readExperiments, type CountedExperiment } from './experiments';

const dayMs = 86_400_000;
const startMs = Date.UTC(2021, 4, 3);
const stopMs = startMs + 10 * dayMs - 1;
const clients = 600;
const options = { alpha: 0.05, tightestAtClientDays: 20_000, horizonDays: 28, marginPercent: 10 };
const folder = mkdtempSync(join(tmpdir(), 'own-experiments-'));
let clickhouse: ProcessHandle;
let client: ClickHouseClient;

const bolder: OwnExperiment = {
  experimentId: 'bolder', hypothesis: 'more trying finds more', within: 'model', share: 1, control: 'as-now', horizonDays: 20, epoch: 1, salt: 'bolder-1', state: 'running', from: 0, declaredBy: 'ann', startedBy: 'bob', reason: 'planned',
  arms: [{ arm: 'as-now', policy: 'model', weight: 1 }, { arm: 'bold', policy: 'model', weight: 1, explorationShare: 0.4 }],
  metrics: ['frequency', 'spend', 'spend-capped', 'spend-adjusted', 'average-check', 'margin', 'offer-margin', 'active-weeks'], guardrails: [{ metric: 'opt-outs', tolerance: 0 }],
};

let ordinal = 0;
const place = () => ({ partition: 0, linePosition: ++ordinal, ordinal });
const token = () => ({ token: `own:${++ordinal}` });
const said = (experiment: OwnExperiment, time: number) => experimentWords.insert(client, [{ ...place(), experimentId: experiment.experimentId, epoch: experiment.epoch, state: experiment.state, time, document: JSON.stringify(experiment) }], token());
const purchase = (number: number, day: number, amountMinor: number) => ({
  ...place(), transactionId: `t${ordinal}`, clientId: `c${number}`, time: startMs + day * dayMs + 3_600_000, kind: 'purchase', merchantId: 'm', mcc: 5411, amountMinor, currency: 'EUR', channel: 'offline', reversed: reversals.none,
});
/** Clients differ lastingly; the bold buy once more in the experiment. */
const purchasesOf = (number: number) => [-20, -9, 2, 4].map((day) => purchase(number, day, 1_000 + 40 * (number % 50) + ((number * 7 + day * 13) % 17) * 10)).concat(number % 2 === 1 ? [purchase(number, 7, 900)] : [], number % 3 === 0 ? [purchase(number, 8, 700)] : []);

beforeAll(async () => {
  const port = await freePort();
  const env = { EMBEDDED_CLICKHOUSE_PORT: String(port), EMBEDDED_CLICKHOUSE_FOLDER: join(folder, 'data') };
  clickhouse = await startProcess({ name: 'embedded-clickhouse', command: process.execPath, args: [builtFile('apps/embedded-clickhouse.js')], env, readyUrl: `http://127.0.0.1:${port}/ping` });
  client = connectClickHouse(`http://127.0.0.1:${port}`);
  await applyMigrations(client, readMigrations('deploy/clickhouse/migrations'), () => undefined);
  const numbers = Array.from({ length: clients }, (_, number) => number);
  await transactions.insert(client, numbers.flatMap(purchasesOf), token());
  await assignments.insert(client, numbers.map((number) => ({ ...place(), clientId: `c${number}`, experimentId: 'bolder', epoch: 1, arm: number % 2 === 0 ? 'as-now' : 'bold', time: startMs })), token());
  await outcomes.insert(client, numbers.filter((number) => number % 5 === 0).map((number) => ({
    ...place(), offerId: `o${number}`, decisionId: `d${number}`, clientId: `c${number}`, merchantId: 'm', campaignId: 'k', scenario: 'event', arm: 'model', ghost: false, issuedAt: startMs + dayMs, closedAt: startMs + 3 * dayMs, viewed: true,
    accepted: true, declined: false, redeemed: true, refused: false, spendMinor: 900, discountMinor: 90, transactionId: '', labelSource: 'response', propensity: 1, features: [], revision: 0, knownAt: startMs + 9 * dayMs, reversedMinor: 0,
    purchases: 1, windowSpendMinor: 900, objective: 'spend', rewardMinor: 0, marginMinor: 50 + (number % 7), frequencyMinor: 0, averageCheckMinor: 0, newMerchantMinor: 0,
  })), token());
  await eventCounts.insert(client, [{ ...place(), minute: startMs + 10 * dayMs - 60_000, type: 'client.acted', count: 1 }], token());
  await said(bolder, startMs);
}, 60_000);

afterAll(async () => {
  await client.close();
  await clickhouse.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function counted(): Promise<CountedExperiment> {
  const found = (await readExperiments(client, options)).counted.find(({ experiment }) => experiment.experimentId === 'bolder');
  if (!found) throw new Error('it is not counted');
  return found;
}

/** Each figure's plain query: one row a client of the arm, straight from the facts. */
const inEpoch = `time >= fromUnixTimestamp64Milli(${startMs}) AND time <= fromUnixTimestamp64Milli(${stopMs})`;
const ofClients = (value: string, from: string): string => `SELECT avg(v) AS mean FROM (SELECT a.client_id AS client_id, ${value} AS v FROM assignments AS a LEFT JOIN (${from}) AS f ON f.client_id = a.client_id WHERE a.arm = {arm:String})`;
const spend = `SELECT client_id, sum(amount_minor) AS minor, count() AS bought, uniqExact(intDiv(toUnixTimestamp(time), 604800)) AS weeks FROM transactions WHERE ${inEpoch} GROUP BY client_id`;
const given = 'SELECT client_id, sum(discount_minor) AS discount, sum(margin_minor) AS margin FROM latest_outcomes GROUP BY client_id';
const both = `SELECT s.client_id AS client_id, minor, bought, weeks, discount, margin FROM (${spend}) AS s LEFT JOIN (${given}) AS g ON g.client_id = s.client_id`;
const queries: readonly (readonly [ExperimentMetricName, string])[] = [
  ['spend', ofClients('toFloat64(f.minor) - toFloat64(f.discount)', both)],
  ['frequency', ofClients('f.bought', both)],
  ['average-check', `SELECT sum(minor) / sum(bought) AS mean FROM (${spend}) WHERE client_id IN (SELECT client_id FROM assignments WHERE arm = {arm:String})`],
  ['margin', ofClients('toFloat64(f.minor) * 0.1 - toFloat64(f.discount)', both)],
  ['offer-margin', ofClients('toFloat64(f.margin)', both)],
  ['active-weeks', ofClients('f.weeks', both)],
  ['opt-outs', 'SELECT toFloat64(0) AS mean'],
];

describe('while it runs', () => {
  test.each(queries)('%s of each arm is what a plain query over the facts says', async (metric, query) => {
    const { metrics } = await counted();
    for (const arm of ['as-now', 'bold']) {
      const [row] = await readRows<{ mean: number }>(client, query, { arm });
      const sample = metrics.find((each) => each.metric === metric && each.arm === arm);
      expect(sample?.mean, arm).toMatchObject(metric === 'opt-outs' ? { value: 0 } : { known: true, value: expect.closeTo(row!.mean, 6) });
    }
  });

  test('its own metrics, control and horizon hold; the first metric decides, and the weeks before take variance away', async () => {
    const { experiment, metrics, health, nextStep } = await counted();
    expect([...new Set(metrics.map(({ metric }) => metric))]).toEqual([...bolder.metrics, 'opt-outs']);
    expect(experiment).toMatchObject({ control: 'as-now', deciding: 'frequency', split: { state: 'as-asked', p: 1 } });
    expect(experiment.arms.map(({ arm, clients: count, verdict }) => [arm, count, verdict])).toEqual([['as-now', 300, undefined], ['bold', 300, 'higher']]);
    expect(health).toMatchObject({ horizonDays: 20, biasedBefore: false, splitBroken: false });
    expect(health.varianceReduction).toBeGreaterThan(0.3);
    expect(nextStep).toBe('decide-higher');
    const width = (name: ExperimentMetricName): number => {
      const figure = metrics.find(({ metric, arm }) => metric === name && arm === 'bold')?.difference;
      return figure?.known ? figure.high - figure.low : NaN;
    };
    expect(width('spend-adjusted')).toBeLessThan(0.9 * width('spend-capped'));
  });

  test('what can be found by the horizon is simulated, and when', async () => {
    const { findable } = await readExperimentCourse(client, await counted(), options);
    expect(findable).toMatchObject({ minor: expect.any(Number), share: expect.any(Number), daysToPower: expect.any(Number) });
    expect(findable!.daysToPower).toBeLessThanOrEqual(20);
  });
});

describe('an assignment that is biased', () => {
  const crowd = (from: number, count: number, arm: string, day: number) => Array.from({ length: count }, (_, number) => ({ ...place(), clientId: `x${from + number}`, experimentId: 'tilted', epoch: 1, arm, time: startMs + day * dayMs }));
  const tilted: OwnExperiment = { ...bolder, experimentId: 'tilted', salt: 'tilted-1', metrics: ['spend'] };

  test('withholds the verdict below p = 0.001, at one look and over all, and opens one incident that ends when it is mended', async () => {
    await said(tilted, startMs);
    await assignments.insert(client, [0, 1, 2, 3, 4].flatMap((day) => [...crowd(1000 * day, 300, 'as-now', day), ...crowd(1000 * day + 500, 200, 'bold', day)]), token());
    const found = (await readExperiments(client, options)).counted.find(({ experiment }) => experiment.experimentId === 'tilted')!;
    expect(found.experiment.split.state).toBe('broken');
    expect(found.experiment.split.p).toBeLessThan(0.001);
    expect(found.experiment.split.sequentialP).toBeLessThan(0.001);
    expect(found.experiment.arms.at(-1)?.verdict).toBe('split-broken');
    expect(found.nextStep).toBe('mend-split');
    expect((await readExperimentCourse(client, found, options)).series.every(({ groupSequential }) => groupSequential.direction === 'none')).toBe(true);
    const book = new IncidentBook();
    const [entry] = splitEntry(found, book);
    expect(entry).toMatchObject({ kind: 'detected', signal: 'split:tilted:1', count: 1500, expected: 1250, direction: 'high' });
    book.fold(entry!);
    expect(splitEntry(found, book)).toEqual([]);
    expect(splitEntry({ ...found, health: { ...found.health, splitBroken: false } }, book)).toMatchObject([{ kind: 'recovered' }]);
  });

  test('is seen in the weeks before too: who spent more beforehand went to one arm', async () => {
    const byHabit: OwnExperiment = { ...bolder, experimentId: 'by-habit', salt: 'by-habit-1', metrics: ['spend'] };
    await said(byHabit, startMs);
    await assignments.insert(client, Array.from({ length: clients }, (_, number) => ({ ...place(), clientId: `c${number}`, experimentId: 'by-habit', epoch: 1, arm: number % 50 < 25 ? 'as-now' : 'bold', time: startMs })), token());
    const found = (await readExperiments(client, options)).counted.find(({ experiment }) => experiment.experimentId === 'by-habit')!;
    expect(found.experiment.split.state).toBe('as-asked');
    expect(found.health).toMatchObject({ biasedBefore: true });
    expect(found.experiment.arms.at(-1)?.verdict).toBe('split-broken');
    expect(splitEntry(found, new IncidentBook())).toMatchObject([{ kind: 'detected' }]);
  });

  test('clients in two arms are left out, and too many of them withhold the verdict', async () => {
    await assignments.insert(client, Array.from({ length: 30 }, (_, number) => ({ ...place(), clientId: `c${number}`, experimentId: 'bolder', epoch: 1, arm: number % 2 === 0 ? 'bold' : 'as-now', time: startMs + dayMs })), token());
    const { health, experiment, nextStep } = await counted();
    expect(health).toMatchObject({ inSeveralArms: 30, severalArmsTooMany: true });
    expect(experiment.arms.map(({ clients: count }) => count)).toEqual([285, 285]);
    expect(experiment.arms.at(-1)?.verdict).toBe('split-broken');
    expect(nextStep).toBe('mend-split');
  });
});

describe('after its stop', () => {
  test('figures stay as they were, and what is declared next waits beside them', async () => {
    await said({ ...bolder, state: 'stopped', stoppedBy: 'ann' }, stopMs);
    const before = await counted();
    await transactions.insert(client, [purchase(1, 12, 500_000)], token());
    await eventCounts.insert(client, [{ ...place(), minute: startMs + 13 * dayMs, type: 'client.acted', count: 1 }], token());
    const after = await counted();
    expect(after.metrics).toEqual(before.metrics);
    expect(after.nextStep).toBe('stopped');
    await said({ ...bolder, epoch: 2, salt: 'bolder-2', state: 'declared' }, startMs + 13 * dayMs);
    expect((await readExperiments(client, options)).declared).toMatchObject([{ experimentId: 'bolder', epoch: 2 }]);
  });
});

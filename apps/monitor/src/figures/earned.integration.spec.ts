/** Real: the built embedded ClickHouse and the project's own migrations. Made up: what offers and ghosts came to. */
import { applyMigrations, connectClickHouse, decisions, featureInputs, outcomes, readMigrations, type ClickHouseClient, type DecisionRow, type OutcomeRow } from '@sp/clickhouse';
import { uniform } from '@sp/contracts';
import { builtFile, freePort, startProcess, type ProcessHandle } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEarned } from './earned';

const folder = mkdtempSync(join(tmpdir(), 'sp-earned-'));
const issuedAt = 1_767_600_000_000;
const dayMs = 86_400_000;
const marginMinor = 500;
let service: ProcessHandle;
let client: ClickHouseClient;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  service = await startProcess({ name: 'embedded-clickhouse', command: process.execPath, args: [builtFile('apps/embedded-clickhouse.js')], env: { EMBEDDED_CLICKHOUSE_PORT: String(port), EMBEDDED_CLICKHOUSE_FOLDER: join(folder, 'data') }, readyUrl: `${url}/ping` });
  client = connectClickHouse(url);
  await applyMigrations(client, readMigrations('deploy/clickhouse/migrations'), () => undefined);
  await plant();
}, 120_000);
afterAll(async () => {
  await client?.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Students buy in three of ten cases with an offer and in one without; pensioners in three of ten anyhow. The random arm drew one of two offers, of which the first is worth twice the second. */
async function plant(): Promise<void> {
  const place = { partition: 0, linePosition: 1 };
  const rows: OutcomeRow[] = [];
  const decided: DecisionRow[] = [];
  const inputs = Array.from({ length: 600 }, (_, one) => ({ ...place, ordinal: one, eventId: `r-${one}`, type: 'client.registered', subject: `c-${one}`, time: issuedAt, source: 'bank', data: JSON.stringify({ segment: one % 2 === 0 ? 'student' : 'pensioner' }) }));
  const names = (offer: number) => ({ offerId: `o-${offer}`, decisionId: `d-${offer}`, clientId: `c-${offer % 600}`, merchantId: 'm', scenario: 'event' });
  const money = { discountMinor: 0, reversedMinor: 0, frequencyMinor: 0, averageCheckMinor: 0, newMerchantMinor: 0, spendMinor: 0, windowSpendMinor: 0 };
  const told = (offer: number, arm: string, campaignId: string, earnedMinor: number): OutcomeRow => ({
    ...place, ordinal: offer, ...names(offer), campaignId, arm, ghost: arm === 'holdout', viewed: true, accepted: false, declined: false, redeemed: earnedMinor > 0, refused: false, issuedAt, closedAt: issuedAt + 9 * dayMs, knownAt: issuedAt + 8 * dayMs,
    propensity: 0.5, features: [], ...money, purchases: earnedMinor > 0 ? 1 : 0, rewardMinor: earnedMinor, marginMinor: earnedMinor, objective: 'spend', revision: 1, transactionId: '', labelSource: 'end',
  });
  for (let offer = 0; offer < 4_000; offer++) {
    const arm = offer % 600 < 400 ? 'model' : 'holdout';
    const share = offer % 2 === 1 ? 0.3 : arm === 'model' ? 0.3 : 0.1;
    rows.push(told(offer, arm, 'k-1', uniform('earned', offer) < share ? marginMinor : 0));
  }
  for (let offer = 4_000; offer < 5_000; offer++) {
    const first = offer % 2 === 0;
    const candidate = (campaignId: string, valueMinor: number, chosen: boolean) => ({ campaignId, terms: { discountPercent: 5 }, valueMinor, ...(!chosen && { removedBy: 'not-drawn' }) });
    rows.push(told(offer, 'random', first ? 'k-1' : 'k-2', first ? 200 : 100));
    decided.push({
      ...place, ordinal: offer, ...names(offer), campaignId: first ? 'k-1' : 'k-2', time: issuedAt, trigger: 'test', arm: 'random', experimentId: 'e', epoch: 1, salt: 's', experimentArm: 'random', outcome: 'offer', reason: 'chosen', discountPercent: 5, validityDays: 7, minimumCheckMinor: 0,
      propensity: 0.5, exploration: true, score: 0.1, valueMinor: 1, modelVersion: 'v', features: [], record: JSON.stringify({ considered: [candidate('k-1', 90, first), candidate('k-2', 80, !first)] }),
    });
  }
  await featureInputs.insert(client, inputs, { token: 'inputs' });
  await outcomes.insert(client, rows, { token: 'outcomes' });
  await decisions.insert(client, decided, { token: 'decisions' });
}

test('what the model’s offers added is found by group, beside ghosts that were chosen alike', async () => {
  const { incremental } = await readEarned(client);
  const added = (grouping: string, group: string) => incremental.find((row) => row.grouping === grouping && row.group === group)!.incrementalMinor;
  expect(incremental[0]).toMatchObject({ grouping: 'all', offers: expect.any(Number), ghosts: expect.any(Number) });
  expect(incremental[0]!.offers + incremental[0]!.ghosts).toBe(4_000);
  const [students, pensioners] = [added('segment', 'student'), added('segment', 'pensioner')];
  expect(students.known && students.low > 0 && students.low < 0.2 * marginMinor && students.high > 0.2 * marginMinor).toBe(true);
  expect(pensioners.known && pensioners.low < 0 && pensioners.high > 0).toBe(true);
});

test('other policies are judged from the random arm’s known probabilities', async () => {
  const { offPolicy } = await readEarned(client);
  expect(offPolicy).toMatchObject({ moments: 1_000, earnedAMomentMinor: 150 });
  const value = (name: string) => offPolicy!.policies.find(({ policy }) => policy === name)!.selfNormalised;
  expect([value('model'), value('only k-2'), value('random')]).toMatchObject([{ value: expect.closeTo(200) }, { value: expect.closeTo(100) }, { value: expect.closeTo(150) }]);
});

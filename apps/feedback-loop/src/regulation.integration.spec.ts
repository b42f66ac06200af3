import { connectClickHouse, decisions, outcomes, type ClickHouseClient, type DecisionRow, type OutcomeRow } from '@sp/clickhouse';
import { natsAddress, operatorPatterns, type AutomaticChanges, type DecisionPolicy } from '@sp/contracts';
import { startLine, type Line } from '@sp/testing';
import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Real: nats-server, the embedded ClickHouse, the built services with their regulation. Made up: decisions and outcomes stand in ClickHouse as if
// offers had been made; a change of what clients answer is planted in them.
const folder = mkdtempSync(join(tmpdir(), 'sp-regulation-'));
const dayMs = 86_400_000;
const startMs = 1_767_600_000_000;
let line: Line;
let operators: ClientProxy;
let client: ClickHouseClient;

beforeAll(async () => {
  line = await startLine({ folder: join(folder, 'data'), clock: 'events', sync: 'default', services: ['ingest', 'feature-store', 'scorer', 'recommender', 'feedback-loop', 'monitor'], env: { LOG_LEVEL: 'warn' } });
  operators = ClientProxyFactory.create({ transport: Transport.NATS, options: { ...natsAddress(line.urls.nats) } });
  client = connectClickHouse(line.urls.clickhouse);
}, 120_000);

afterAll(async () => {
  await client?.close();
  await operators?.close();
  await line?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** Five campaigns, each offered 60 times on a day with a predicted redemption of 0.1; what came of it is the planted truth. */
async function offersOn(day: number, redeemedShare: number): Promise<void> {
  const issuedAt = startMs + day * dayMs;
  const made = Array.from({ length: 300 }, (_, place) => ({ offerId: `o-${day}-${place}`, decisionId: `d-${day}-${place}`, clientId: `c-${place}`, merchantId: 'm', campaignId: `k-${place % 5}`, scenario: 'event', arm: 'random', redeemed: (place % 60) / 60 < redeemedShare }));
  // A partition that the line does not have: its own sinks are not misled.
  const place = { partition: 99, linePosition: day };
  const decided = made.map(({ redeemed: _redeemed, ...names }, ordinal): DecisionRow => ({
    ...place, ordinal, ...names, time: issuedAt, trigger: 'test', experimentId: 'e', epoch: 1, salt: 's', experimentArm: 'random', outcome: 'offer', reason: 'chosen', discountPercent: 10, validityDays: 1, minimumCheckMinor: 0, propensity: 0.2,
    exploration: true, score: 0.1, valueMinor: 1, modelVersion: 'planted', features: [], record: '{}',
  }));
  const money = { spendMinor: 0, discountMinor: 0, reversedMinor: 0, purchases: 0, windowSpendMinor: 0, rewardMinor: 0, marginMinor: 0, frequencyMinor: 0, averageCheckMinor: 0, newMerchantMinor: 0 };
  const told = made.map((offer, ordinal): OutcomeRow => ({
    ...place, ordinal, ...offer, ghost: false, viewed: true, accepted: false, declined: false, refused: false, issuedAt, closedAt: issuedAt + 2 * dayMs, knownAt: issuedAt + 2 * dayMs, propensity: 0.2, features: [], ...money,
    objective: 'spend', revision: 1, transactionId: '', labelSource: 'end',
  }));
  await decisions.insert(client, decided, { token: `d-${day}` });
  await outcomes.insert(client, told, { token: `o-${day}` });
}

const changes = async (): Promise<AutomaticChanges> => (await fetch(`${line.urls.monitor}/v1/automatic-changes`)).json() as Promise<AutomaticChanges>;
const post = (path: string): Promise<Response> => fetch(`${line.urls.monitor}/v1/automatic-changes/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ by: 'a person' }) });
const policy = (): Promise<DecisionPolicy> => firstValueFrom(operators.send<DecisionPolicy>(operatorPatterns.readPolicy, {}));
const aLook = (): Promise<void> => new Promise((resume) => setTimeout(resume, 6_000));

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const value = await read();
    if (holds(value) || attempt > 100) return value;
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

it('a planted change of tastes makes the line explore more and train anew, with its reason; a person takes it back, and that holds', { timeout: 120_000 }, async () => {
  await offersOn(0, 0.1);
  await aLook();
  expect((await changes()).changes).toEqual([]);

  await offersOn(3, 0.4);
  const { changes: made, bounds } = await until(changes, (answer) => answer.changes.length >= 2);
  const exploration = made.find(({ kind }) => kind === 'exploration')!;
  expect(exploration).toMatchObject({ before: '0.1', after: String(bounds.highestShare), atMs: startMs + 5 * dayMs, reason: expect.stringContaining('5 campaigns'), undoneBy: '' });
  expect(made.find(({ kind }) => kind === 'training')?.reason).toContain('times as far from their predictions');
  const regulated = await until(policy, ({ exploration: { share } }) => share === bounds.highestShare);
  expect([regulated.exploration.share, regulated.version.startsWith('regulated-')]).toEqual([bounds.highestShare, true]);

  expect((await post(`${exploration.changeId}/undo`)).status).toBe(202);
  expect((await post(`${exploration.changeId}/undo`)).status).toBe(409);
  const byHand = await until(policy, ({ exploration: { share } }) => share === 0.1);
  expect([byHand.exploration.share, byHand.version.startsWith('by-hand-')]).toEqual([0.1, true]);

  await offersOn(6, 0.4);
  await aLook();
  const after = await changes();
  expect([after.changes.length, after.changes.find(({ kind }) => kind === 'exploration')?.undoneBy, after.policy?.isRegulated]).toEqual([2, 'a person', false]);

  expect((await post('resume')).status).toBe(202);
  expect((await until(changes, (answer) => answer.policy?.isRegulated === true)).policy?.isRegulated).toBe(true);
});

import { connectClickHouse, outcomes, type OutcomeRow } from '@sp/clickhouse';
import { modelArtefacts, operatorPatterns } from '@sp/contracts';
import { featureNames } from '@sp/features';
import { connectNats } from '@sp/nats';
import { modelFeatureNames } from '@sp/offers';
import { findXgboost as installedXgboost } from '@sp/models';
import { startLine, type Line } from '@sp/testing';
import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingStatus } from './training-desk';

// Real: nats-server with its object store, the embedded ClickHouse, the built services, XGBoost in its child, ONNX. Made up: the outcomes
// stand in ClickHouse as if offers had been made, redeemed by a rule of the first feature.
const folder = mkdtempSync(join(tmpdir(), 'sp-training-'));
const names = modelFeatureNames(featureNames);
const rows = 2_000;
const hourMs = 3_600_000;
let line: Line;
let operators: ClientProxy;

const ask = <T>(pattern: string, data: object = {}): Promise<T> => firstValueFrom(operators.send<T>(pattern, data));

beforeAll(async () => {
  if (!installedXgboost()) return;
  line = await startLine({ folder: join(folder, 'data'), clock: 'events', sync: 'default', services: ['ingest', 'feature-store', 'scorer', 'feedback-loop'], env: { LOG_LEVEL: 'warn' } });
  operators = ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [line.urls.nats] } });
}, 120_000);

afterAll(async () => {
  await operators?.close();
  await line?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function makeUpOutcomes(): Promise<void> {
  const random = xoroshiro128plus(1);
  const client = connectClickHouse(line.urls.clickhouse);
  // A partition that the line does not have: its own sink is not misled.
  const place = { partition: 99, linePosition: 1 };
  const made = Array.from({ length: rows }, (_, number): OutcomeRow => {
    const features = names.map((_name, column) => (column < 4 ? uniformFloat64(random) : 0));
    const issuedAt = 1_767_600_000_000 + number * hourMs;
    const redeemed = uniformFloat64(random) < (features[0]! > 0.5 ? 0.6 : 0.1);
    const text = { offerId: `o-${number}`, decisionId: `d-${number}`, clientId: `c-${number % 50}`, merchantId: 'm', campaignId: 'k', scenario: 'event', arm: 'random', transactionId: '', labelSource: 'purchase' };
    const money = { spendMinor: 0, discountMinor: 0, reversedMinor: 0, purchases: 0, windowSpendMinor: 0, rewardMinor: 0, marginMinor: 0, frequencyMinor: 0, averageCheckMinor: 0, newMerchantMinor: 0 };
    return { ...place, ordinal: number, ...text, ghost: false, viewed: true, accepted: false, declined: false, redeemed, refused: false, issuedAt, closedAt: issuedAt + 24 * hourMs, propensity: 1, features, ...money, objective: 'spend', revision: 1, knownAt: issuedAt + 24 * hourMs };
  });
  await outcomes.insert(client, made, { token: 'made-up' });
  await client.close();
}

async function trained(): Promise<NonNullable<TrainingStatus['last']>> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const { state, last } = await ask<TrainingStatus>(operatorPatterns.trainingStatus);
    if (state === 'idle' && last) return last;
    await new Promise((resume) => setTimeout(resume, 300));
  }
  throw new Error('the training did not end');
}

describe.skipIf(!installedXgboost())('training beside a running line (skipped where XGBOOST_LIBRARY is not to be found)', () => {
  it('says so where there is too little to learn from', { timeout: 90_000 }, async () => {
    expect(await ask(operatorPatterns.startTraining, { by: 'test' })).toEqual({ started: true });
    expect(await trained()).toMatchObject({ outcome: 'failed', by: 'test', message: expect.stringContaining('only 0 offers') });
  });

  it('learns from outcomes, stores the model with its card, and makes it score once its gates are passed', { timeout: 180_000 }, async () => {
    await makeUpOutcomes();
    const before = await ask<{ version: string; active: boolean }[]>(operatorPatterns.listModels);
    await ask(operatorPatterns.startTraining, { by: 'test' });
    const report = await trained();
    expect(report.gates?.filter(({ passed }) => !passed)).toEqual([]);
    expect(report).toMatchObject({ outcome: 'promoted', examples: expect.any(Number), version: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(report.gates?.map(({ name }) => name)).toEqual(['parity', 'calibration', 'off-policy value']);
    const stored = await storedModels();
    expect(stored).toEqual([`redemption/${report.version}.card.json`, `redemption/${report.version}.onnx`]);
    const active = await activeModel(report.version!);
    expect(before.map(({ version }) => version)).not.toContain(report.version);
    expect(active.card).toMatchObject({ fittedOn: 'train-part', featureNames: names, libraryVersion: expect.stringContaining('xgboost'), parity: { rows: 1_000 } });
  });
});

async function storedModels(): Promise<string[]> {
  const nats = await connectNats(line.urls.nats, 'test');
  const objects = await (await nats.jetstream().views.os(modelArtefacts.bucket)).list();
  await nats.close();
  return objects.map(({ name }) => name).sort();
}

/** The switch is a fact that takes its place in the log: it holds a moment after it was asked for. */
async function activeModel(version: string): Promise<{ version: string; card: object }> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = (await ask<{ version: string; active: boolean; card: object }[]>(operatorPatterns.listModels)).find((model) => model.active && model.version === version);
    if (found) return found;
    await new Promise((resume) => setTimeout(resume, 200));
  }
  throw new Error(`${version} did not become active`);
}

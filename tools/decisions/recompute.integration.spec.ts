/** Real: nats-server and LMDB. The scorer's log is written here; the recommender's flow runs in this process. */
import { packCandidates, readDecision, stageLog, type DecisionRecord, type LineEvent, type ScoredCandidate } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { encodeFrame, StageRunner } from '@sp/dataflow';
import { InMemoryLog } from '@sp/dataflow/testing';
import { recommenderFlow } from '@sp/flows';
import { LmdbStateStore } from '@sp/lmdb';
import { connectNats, ensureStreams, NatsInputLog } from '@sp/nats';
import { experiments } from '@sp/offers';
import { startNats, type NatsHandle } from '@sp/testing';
import { DiscardPolicy, type NatsConnection } from 'nats';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recompute } from './recompute';

const folder = mkdtempSync(join(tmpdir(), 'recompute-'));
const experiment = experiments['all-random'];
const hourMs = 3_600_000;
const lastFrame = 12;
let server: NatsHandle;
let connection: NatsConnection;
const made: DecisionRecord[] = [];

const candidate = (campaignId: string): ScoredCandidate => ({
  campaignId, merchantId: campaignId.replace('k', 'm'), terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1_000 }, objective: 'spend', currency: 'EUR', marginPercent: 30, retrievedBy: 'popular', conversion: 0.2,
  expectedCheckMinor: 2_000, usualCheckMinor: 2_000, knownMerchant: false, features: [1, 2, 3, NaN],
});
const profile = { segment: 'mass', timeZone: 'UTC', offersConsent: true, merchants: [], categories: [], averageCheckMinor: 2_000, attributes: {} };
const facts = ['k-1', 'k-2'].map((campaignId) => anEvent('campaign.published', { id: campaignId, subject: campaignId, data: { campaignId, merchantId: campaignId.replace('k', 'm'), budgetMinor: 100_000_000 } }));

function frameEvents(frame: number): LineEvent[] {
  const timeMs = mondayMs + 10 * hourMs + frame * 1_000;
  return [0, 1].map((client) => ({
    type: 'decision.scored', id: `s-${frame}-${client}`, source: 'test', subject: `c-${frame}-${client}`, timeMs,
    data: { scenario: 'event', trigger: 'app-opened', triggerEventId: `e-${frame}-${client}`, vector: [7, NaN], modelVersion: 'm1', candidates: packCandidates(['k-1', 'k-2'].map(candidate)), profile },
  }));
}

/** As the service runs it, from where its state stands to this frame. */
async function runTo(to: number, store: LmdbStateStore): Promise<void> {
  const stop = new AbortController();
  const observer = {
    batchLogged: ({ emitted, to: reached }: { readonly emitted: readonly LineEvent[]; readonly to: number }) => {
      for (const event of emitted) if (event.type === 'decision.made') made.push(readDecision(JSON.parse(JSON.stringify(event.data)) as typeof event.data));
      if (reached >= to) stop.abort();
    },
  };
  await new StageRunner({
    flow: recommenderFlow(experiment), partition: 0, partitions: 1, input: new NatsInputLog(connection, stageLog('scorer', 0).stream), output: new InMemoryLog(), store, owner: `to-${to}`, pause: () => Promise.resolve(), observer, maximumBatchFrames: 1,
  }).run(stop.signal);
}

async function write(from: number, to: number): Promise<void> {
  for (let frame = from; frame <= to; frame++) {
    const events = frame === 1 ? [...facts, ...frameEvents(frame)] : frameEvents(frame);
    await connection.jetstream().publish(stageLog('scorer', 0).subject, encodeFrame({ partition: 0, from: frame, to: frame, sequencedAtMs: 0, events }));
  }
}

beforeAll(async () => {
  server = await startNats({ folder: join(folder, 'nats'), sync: 'default' });
  connection = await connectNats(server.url, 'recompute');
  await ensureStreams(connection, 1);
  const store = new LmdbStateStore(join(folder, 'state', 'partition-0'));
  await write(1, 6);
  await runTo(6, store);
  await store.close();
  await write(7, lastFrame);
  const running = new LmdbStateStore(join(folder, 'running', 'partition-0'));
  made.length = 0;
  await runTo(lastFrame, running);
  await running.close();
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('comes to the same decisions under the experiment that they cite, from the log’s beginning', async () => {
  expect(made).toHaveLength(2 * lastFrame);
  expect(new Set(made.map(({ arm }) => arm))).toEqual(new Set(['random']));
  for (const record of [made[0]!, made.at(-1)!]) expect(await recompute(record, connection, 1)).toMatchObject({ fromRecord: 'same', fromLog: 'same', frames: lastFrame });
});

it('begins with a copy of the state where one is given, and says when the decision is from before it', async () => {
  const state = join(folder, 'state');
  expect(await recompute(made.at(-1)!, connection, 1, state)).toMatchObject({ fromLog: 'same', from: 6 });
  expect(await recompute(made[0]!, connection, 1, state)).toMatchObject({ fromLog: 'not-found', from: 6 });
});

it('does not guess the split of an experiment that it does not know, and sees another decision', async () => {
  expect(await recompute({ ...made[0]!, salt: 'another' }, connection, 1)).toMatchObject({ fromLog: 'other-experiment' });
  expect(await recompute({ ...made[0]!, valueMinor: made[0]!.valueMinor + 1 }, connection, 1)).toMatchObject({ fromRecord: 'different', fromLog: 'different' });
});

it('needs the state where the log’s beginning has expired, and then does with it', async () => {
  const manager = await connection.jetstreamManager();
  const { stream } = stageLog('scorer', 0);
  const { config } = await manager.streams.info(stream);
  await manager.streams.update(stream, { ...config, discard: DiscardPolicy.Old, max_msgs: lastFrame - 6 });
  expect(await recompute(made.at(-1)!, connection, 1)).toMatchObject({ fromRecord: 'same', fromLog: 'log-cut', firstFrame: 7 });
  expect(await recompute(made.at(-1)!, connection, 1, join(folder, 'state'))).toMatchObject({ fromLog: 'same', from: 6 });
});

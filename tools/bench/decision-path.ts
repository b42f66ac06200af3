import { offersDoor, readCandidates, stageLog, type DecisionScored, type LineEvent } from '@sp/contracts';
import { decodeFrame, encodeFrame } from '@sp/dataflow';
import { openModelStore, openScorer } from '@sp/models';
import { ensureStreams, NatsInputLog } from '@sp/nats';
import { builtFile, freePort, repositoryFolder, serviceNodeOptions, startProcess, type ProcessHandle } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { join } from 'node:path';
import { BarePublisher } from './bare-publisher';
import { decisionReference, DecisionMix, campaigns } from './decision-mix';
import type { HopBench } from './hop-paths';
import { quantile, rowOf, type Findings, type Round } from './result';

const frameEvents = 64;
const frames = 600;
const rounds = 3;
const latencyFrames = 150;
const redemption = 'redemption';

/**
 * The built scorer and recommender as processes of their own, over the feature store's log: transactions of which 5 % lead to a decision, with
 * 500 live campaigns. The raw limit is the bare scoring of the very same rows by the same runtime. ClickHouse is away.
 */
export async function decisionPath({ connection, folder, sync }: HopBench): Promise<Findings> {
  await ensureStreams(connection, 1);
  const store = openModelStore(join(repositoryFolder(), 'models'));
  const version = (await store.champion(redemption))!;
  const feed = new Feed(connection);
  await feed.send(decisionReference(version));
  const services = [await start('scorer', connection, folder), await start('recommender', connection, folder)];
  try {
    await arrived(connection, 1);
    const model = (await store.load(redemption, version)).bytes;
    const taken: Round[] = [];
    const sizes = { decisions: 0, rows: 0, campaigns: 0 };
    for (let round = 0; round < rounds; round++) {
      const passed = await passFrames(connection, feed, new DecisionMix(`d${round}`));
      const scored = await scoredBetween(connection, passed.firstFrame, feed.sent);
      sizes.decisions += scored.length;
      for (const { data } of scored) {
        const rows = readCandidates(data.candidates);
        sizes.rows += rows.length;
        sizes.campaigns += new Set(rows.map(({ campaignId }) => campaignId)).size;
      }
      taken.push({ raw: await bareRate(model, scored), ours: scored.length / passed.seconds });
    }
    const row = rowOf({ path: 'decisions', setting: `${campaigns} campaigns, 5 % of transactions, sync ${sync}`, unit: 'events/s', note: noteOf(sizes) }, taken);
    return { rows: [row, ...(await latencyRows(connection, feed, row.ours / 2, 1_000 / row.raw, sync))], shares: [{ of: `decisions, sync ${sync}, bare scoring of the whole`, shares: { 'bare scoring': row.ratio, 'all else': Math.max(0, 1 - row.ratio) } }] };
  } finally {
    for (const service of services) await service.stop();
  }
}

function noteOf({ decisions, rows, campaigns: considered }: { readonly decisions: number; readonly rows: number; readonly campaigns: number }): string {
  return `${decisions} decisions of ${(considered / decisions).toFixed(1)} campaigns, ${(rows / decisions).toFixed(0)} rows; ratio = share of bare scoring`;
}

/** Appends frames to the feature store's log, as its service would. */
class Feed {
  sent = 0;

  readonly #publisher: BarePublisher;

  constructor(connection: NatsConnection) {
    this.#publisher = new BarePublisher(connection, stageLog('feature-store', 0).subject, 32);
  }

  async send(events: readonly LineEvent[]): Promise<void> {
    const to = ++this.sent;
    await this.#publisher.send(encodeFrame({ partition: 0, from: to, to, sequencedAtMs: Date.now(), events }), to);
  }

  settle(): Promise<void> {
    return this.#publisher.settle();
  }
}

async function start(name: 'scorer' | 'recommender', connection: NatsConnection, folder: string): Promise<ProcessHandle> {
  const port = await freePort();
  return startProcess({
    name, command: process.execPath, args: [...serviceNodeOptions, builtFile(`apps/${name}.js`)], cwd: repositoryFolder(), readyUrl: `http://127.0.0.1:${port}/health/ready`,
    env: { PORT: String(port), NATS_URL: `nats://${connection.getServer()}`, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, name), PARTITIONS: '1', LOG_LEVEL: 'fatal', MODELS_FOLDER: join(repositoryFolder(), 'models') },
  });
}

/** From the first frame's publication to the last decision in the recommender's log. */
async function passFrames(connection: NatsConnection, feed: Feed, mix: DecisionMix): Promise<{ readonly seconds: number; readonly firstFrame: number }> {
  const firstFrame = feed.sent + 1;
  const startedAtMs = performance.now();
  for (let frame = 0; frame < frames; frame++) await feed.send(mix.take(frameEvents));
  await feed.settle();
  await arrived(connection, feed.sent);
  return { seconds: (performance.now() - startedAtMs) / 1_000, firstFrame };
}

async function arrived(connection: NatsConnection, sequence: number): Promise<void> {
  const manager = await connection.jetstreamManager();
  while ((await manager.streams.info(stageLog('recommender', 0).stream)).state.last_seq < sequence) await new Promise((resume) => setTimeout(resume, 10));
}

/** One frame for each frame: what the scorer made of these. */
async function scoredBetween(connection: NatsConnection, from: number, to: number): Promise<DecisionScored[]> {
  const reading = new AbortController();
  const found: DecisionScored[] = [];
  for await (const { sequence, bytes } of new NatsInputLog(connection, stageLog('scorer', 0).stream).read(from, reading.signal)) {
    for (const event of decodeFrame(bytes).events) if (event.type === 'decision.scored') found.push(event);
    if (sequence >= to) break;
  }
  reading.abort();
  return found;
}

/** Decisions a second that the runtime alone would score: the same rows in batches as large as the scorer's. */
async function bareRate(model: Uint8Array, scored: readonly DecisionScored[]): Promise<number> {
  const scorer = await openScorer({ model, threads: 0 });
  const inputs = scored.map(({ data }) => ({ data, candidates: readCandidates(data.candidates) })).map(({ data, candidates }) => ({ rows: candidates.length, features: Float32Array.from(candidates.flatMap(({ features }) => [...data.vector, ...features])) }));
  const startedAtMs = performance.now();
  for (const { rows, features } of inputs) if (rows > 0) await scorer.score(features, rows);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  await scorer.close();
  return scored.length / seconds;
}

/** One decision a frame at half the rate that was reached: from the frame's publication to the offer on its stream. */
async function latencyRows(connection: NatsConnection, feed: Feed, decisionsPerSecond: number, rawMs: number, sync: string) {
  const sentAtMs = new Map<string, number>();
  const tookMs: number[] = [];
  const offers = connection.subscribe(offersDoor.subjects, {
    callback: (_, message) => {
      const startedAtMs = sentAtMs.get(message.json<{ subject: string }>().subject);
      if (startedAtMs !== undefined) tookMs.push(performance.now() - startedAtMs);
    },
  });
  const mix = new DecisionMix('half');
  const beganAtMs = performance.now();
  for (let frame = 0; frame < latencyFrames; frame++) {
    const events = mix.take(20);
    const waitMs = beganAtMs + (frame * 1_000) / decisionsPerSecond - performance.now();
    if (waitMs > 0) await new Promise((resume) => setTimeout(resume, waitMs));
    sentAtMs.set(events[0]!.subject, performance.now());
    await feed.send(events);
  }
  await feed.settle();
  await arrived(connection, feed.sent);
  await new Promise((resume) => setTimeout(resume, 500));
  offers.unsubscribe();
  if (tookMs.length === 0) return [];
  const row = (share: number) => rowOf({ path: `decision latency, p${100 * share}`, setting: `event to offer at half load, sync ${sync}`, unit: 'ms', note: `${tookMs.length} offers; raw: bare scoring` }, [{ raw: rawMs, ours: quantile(tookMs, share) }]);
  return [row(0.5), row(0.99)];
}

import type { LineEvent } from '@sp/contracts';
import { connectNats } from '@sp/nats';
import { startLine, type Line } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { join } from 'node:path';
import type { Passed } from './bare-hop';
import { fillLog, makeLog } from './bench-log';
import type { PathName, Sync } from './bench-options';
import { bodiesOf, DoorClient } from './door-client';
import { eventsAFrame, frameSizes } from './frame-sizes';
import { envelopeOf, EventMix, noonMs, referenceEvents } from './event-mix';
import { hopOnce } from './hop-paths';
import { IdleHop } from './idle-hop';
import { LineWatch } from './line-watch';
import { cpuSecondsOf, decisionsOf } from './process-cpu';
import { median, quantile, rowOf, type Findings, type Round, type Row } from './result';

const blocks = 3;
const offersEach = 40;
const askers = 300;
const roundsEach = 3;
const eventsEach = 12_000;
/** A busy machine gets fewer events, not more minutes. */
const longestPostingMs = 4_000;
const longestAskingMs = 5_000;
const batchEvents = 250;
const minuteMs = 60_000;

interface RunningLine {
  readonly line: Line;
  readonly sync: Sync;
  readonly connection: NatsConnection;
  readonly door: DoorClient;
  readonly watch: LineWatch;
}

/** All six services, the embedded ClickHouse and nats-server, as `npm start` runs them. */
export async function linePaths(folder: string, sync: Sync, only: ReadonlySet<PathName>): Promise<Findings> {
  const line = await startLine({ folder: join(folder, 'line'), clock: 'events', sync, env: { LOG_LEVEL: 'fatal', MAXIMUM_LAG_SECONDS: '1000000' } });
  const connection = await connectNats(line.urls.nats, 'bench');
  const door = new DoorClient(line.urls.ingest);
  const running: RunningLine = { line, sync, connection, door, watch: new LineWatch(connection) };
  try {
    await door.post(JSON.stringify(referenceEvents().map(envelopeOf)));
    const latency = only.has('latency') ? await latencyRows(running) : [];
    const through = only.has('line') ? await throughput(running) : { rows: [], shares: [] };
    return { rows: [...latency, ...through.rows], shares: through.shares };
  } finally {
    running.watch.close();
    door.close();
    await connection.close();
    await line.stop();
  }
}

/** Clients who are known a little open their app one after another; between them a frame takes the bare hop. */
async function latencyRows({ connection, door, watch, sync }: RunningLine): Promise<Row[]> {
  await prepareAskers(door, watch);
  const hop = await IdleHop.open(connection);
  const taken: { readonly hop: number[]; readonly line: number[] }[] = [];
  let asker = 0;
  for (let block = 0; block < blocks; block++) {
    const samples = { hop: [] as number[], line: [] as number[] };
    const endsAtMs = performance.now() + longestAskingMs;
    while (samples.line.length < offersEach && asker < askers && performance.now() < endsAtMs) {
      const event = appOpened(asker++);
      samples.hop.push(await hop.sample(event));
      const tookMs = await ask(door, watch, event);
      if (tookMs !== undefined) samples.line.push(tookMs);
    }
    if (samples.line.length > 0) taken.push(samples);
  }
  await hop.close();
  const roundsAt = (share: number): Round[] => taken.map((block) => ({ raw: quantile(block.hop, share), ours: quantile(block.line, share) }));
  const note = `${taken.reduce((sum, block) => sum + block.line.length, 0)} offers`;
  return [
    rowOf({ path: 'idle latency, p50', setting: `door to offer, sync ${sync}`, unit: 'ms', note }, roundsAt(0.5)),
    rowOf({ path: 'idle latency, p99', setting: `door to offer, sync ${sync}`, unit: 'ms', aim: { atMost: 10 }, note }, roundsAt(0.99)),
  ];
}

async function ask(door: DoorClient, watch: LineWatch, event: LineEvent): Promise<number | undefined> {
  const offer = watch.nextOffer(event.subject);
  const startedAtMs = performance.now();
  await door.post(JSON.stringify([envelopeOf(event)]));
  const atMs = await Promise.race([offer, silence()]);
  return atMs === undefined ? undefined : atMs - startedAtMs;
}

/** Nobody decided anything: the sample is left out. */
const silence = (): Promise<undefined> => new Promise((settle) => setTimeout(settle, 5_000, undefined));

/** Newcomers whom no decision has met yet, and regular clients from whose purchases the line knows what is popular. */
async function prepareAskers(door: DoorClient, watch: LineWatch): Promise<void> {
  const regulars = new EventMix('regular', noonMs - 90 * minuteMs).take(2_000);
  const newcomers = Array.from({ length: askers }, (_, index): LineEvent => {
    const data = { timeZone: 'UTC', home: { lat: 52.5, lon: 13.4 }, consents: { offers: true, geo: true } };
    return { type: 'client.registered', id: `r-asker-${index}`, source: 'bench', subject: `asker-${index}`, timeMs: noonMs - 70 * minuteMs, data };
  });
  await door.postAll(bodiesOf([...regulars, ...newcomers], batchEvents));
  await watch.settled();
}

const appOpened = (index: number): LineEvent => ({ type: 'client.acted', id: `o-asker-${index}`, source: 'bench', subject: `asker-${index}`, timeMs: noonMs - 60 * minuteMs + index * 1_000, data: { action: 'app-opened' } });

async function throughput({ line, connection, door, watch, sync }: RunningLine): Promise<Findings> {
  const input = await fillLog(connection, await makeLog(connection, 'in'), 1_000, 64);
  const mix = new EventMix('line');
  await hopOnce(connection, input);
  await passLine(door, watch, mix);
  const paced = await frameSizes(line, mix);
  await watch.settled();
  const decisionsBefore = await decisionsOf(line);
  const rounds: Round[] = [];
  const cores: Record<string, number>[] = [];
  let events = 0;
  const flood: number[] = [];
  for (let round = 0; round < roundsEach; round++) {
    const raw = await hopOnce(connection, input);
    const before = await cpuSecondsOf(line);
    let passed: Passed = { events: 0, seconds: 1 };
    flood.push(await eventsAFrame(line, async () => (passed = await passLine(door, watch, mix))));
    const after = await cpuSecondsOf(line);
    cores.push(Object.fromEntries(Object.entries(after).map(([part, seconds]) => [part, (seconds - (before[part] ?? 0)) / passed.seconds])));
    rounds.push({ raw, ours: passed.events / passed.seconds });
    events += passed.events;
  }
  const note = `${((100 * ((await decisionsOf(line)) - decisionsBefore)) / events).toFixed(1)} % decided; events a frame: ${paced}, ${median(flood).toFixed(0)} when flooded`;
  const busy = Object.fromEntries(Object.keys(cores[0]!).map((part) => [part, median(cores.map((each) => each[part]!))]));
  return {
    rows: [rowOf({ path: 'whole line', setting: `6 services, batches of ${batchEvents}, sync ${sync}`, unit: 'events/s', note }, rounds)],
    shares: [{ of: `whole line, sync ${sync}, cores in use`, shares: busy }],
  };
}

/** From the first request to the moment when the last stage has logged everything. */
async function passLine(door: DoorClient, watch: LineWatch, mix: EventMix): Promise<Passed> {
  const bodies = bodiesOf(mix.take(eventsEach), batchEvents);
  const startedAtMs = performance.now();
  const posted = await door.postAll(bodies, longestPostingMs);
  await watch.settled();
  return { events: posted * batchEvents, seconds: (performance.now() - startedAtMs) / 1_000 };
}

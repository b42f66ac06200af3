import { hashId, partitionOf, stageLog, type LineEvent } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { decodeFrame, encodeFrame, FencedAppender, StageRunner, type Frame } from '@sp/dataflow';
import { InMemoryLog, InMemoryStateStore } from '@sp/dataflow/testing';
import { connectNats, ensureStreams, NatsInputLog, NatsOutputLog } from '@sp/nats';
import { startNats, startService, type NatsHandle } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { featureStoreFlow } from './feature-store.flow';

// Real: nats-server with synchronous writes, the built service with its LMDB, kill -9. Absent: ClickHouse (its sink waits, as it must).
const partitions = 2;
const kills = 20;
const framesBetweenKills = 12;

let nats: NatsHandle;
let connection: NatsConnection;
const folder = mkdtempSync(join(tmpdir(), 'sp-kills-'));

beforeAll(async () => {
  nats = await startNats({ folder: join(folder, 'nats'), sync: 'always' });
  connection = await connectNats(nats.url, 'test');
  await ensureStreams(connection, partitions);
});

afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});

it(`loses nothing and doubles nothing through ${kills} kills -9 under load`, { timeout: 280_000 }, async () => {
  const writers = await Promise.all([0, 1].map(async (partition) => {
    const appender = new FencedAppender(new NatsOutputLog(connection, stageLog('ingest', partition)), { owner: 'test', pause: () => Promise.resolve() });
    await appender.open({ input: 0, output: 0 });
    return appender;
  }));
  let number = 0;
  const load = async (): Promise<void> => {
    for (let frame = 0; frame < framesBetweenKills; frame++) {
      number++;
      await Promise.all(writers.map((writer, partition) => writer.append([{ from: number, to: number, bytes: encodeFrame({ partition, from: number, to: number, sequencedAtMs: 0, events: eventsOf(number, partition) }) }])));
      await new Promise((resume) => setTimeout(resume, 15));
    }
  };

  for (let kill = 0; kill < kills; kill++) {
    const service = await startService('feature-store', { env: environment() });
    const loading = load();
    // Each time at another moment of the load.
    await new Promise((resume) => setTimeout(resume, 20 + ((kill * 37) % 170)));
    await service.kill();
    await loading;
  }
  const last = await startService('feature-store', { env: environment() });
  for (const partition of [0, 1]) await reaches(partition, number);
  await last.stop(5_000);

  for (const partition of [0, 1]) {
    const written = await framesOf(stageLog('feature-store', partition).stream, number);
    expect(written.map(({ to }) => to)).toEqual(Array.from({ length: number }, (_, index) => index + 1));
    const expected = await undisturbed(partition, number);
    expect(written.map(({ events }) => events)).toEqual(expected.map(({ events }) => events));
    expect(written.some(({ events }) => events.length === 0)).toBe(true);
    expect(Math.max(...written.map(({ events }) => events.filter(({ type }) => type === 'decision.due').length))).toBeGreaterThan(10);
  }
});

function environment(): Record<string, string> {
  return { NATS_URL: nats.url, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, 'feature-store'), PARTITIONS: String(partitions), LOG_LEVEL: 'fatal' };
}

/** Frames in turn: purchases that pass, positions that give no output at all, and ticks two hours on that wake every newcomer at once. */
function eventsOf(number: number, partition: number): LineEvent[] {
  const timeMs = mondayMs + number * 600_000;
  const clients = Array.from({ length: 400 }, (_, index) => `client-${index}`).filter((client) => partitionOf(client, partitions) === partition);
  const id = (index: number): string => hashId('e', number, index);
  if (number === 1) return [anEvent('merchant.registered', { id: 'm', timeMs }), anEvent('campaign.published', { id: 'k', timeMs })];
  if (number === 2) return clients.map((subject, index) => anEvent('client.registered', { id: id(index), subject, timeMs }));
  if (number % 3 === 0) return clients.slice(0, 20).map((subject, index) => anEvent('client.located', { id: id(index), subject, timeMs, data: { lat: 10, lon: 10 } }));
  if (number % 3 === 1) return [{ type: 'clock.ticked', id: id(0), source: 'test', subject: 'clock', timeMs, data: {} }];
  return clients.slice(0, 30).map((subject, index) => anEvent('transaction.authorised', { id: id(index), subject, timeMs, data: { transactionId: id(index) } }));
}

async function framesOf(stream: string, count: number): Promise<Frame[]> {
  const reading = new AbortController();
  const frames: Frame[] = [];
  for await (const message of new NatsInputLog(connection, stream).read(1, reading.signal)) {
    frames.push(decodeFrame(message.bytes));
    if (frames.length === count) break;
  }
  reading.abort();
  return frames;
}

async function reaches(partition: number, to: number): Promise<void> {
  const log = new NatsOutputLog(connection, stageLog('feature-store', partition));
  while ((await log.last())?.to !== to) await new Promise((resume) => setTimeout(resume, 100));
}

/** The same flow over the same log in memory, without faults. */
async function undisturbed(partition: number, count: number): Promise<Frame[]> {
  const [input, output] = [new InMemoryLog(), new InMemoryLog()];
  for (const frame of await framesOf(stageLog('ingest', partition).stream, count)) input.push(encodeFrame(frame));
  const stop = new AbortController();
  const observer = { batchLogged: () => { if (output.messages.length === count) stop.abort(); } };
  const runner = new StageRunner({ flow: featureStoreFlow, partition, partitions, input, output, store: new InMemoryStateStore(), owner: 'oracle', pause: () => Promise.resolve(), observer });
  await runner.run(stop.signal);
  return output.messages.map(({ bytes }) => decodeFrame(bytes));
}

import { freePort, repositoryFolder, startProcess, startService } from '@sp/testing';
import { join } from 'node:path';
import { makeLog } from './bench-log';
import { bodiesOf, DoorClient } from './door-client';
import { EventMix } from './event-mix';
import type { HopBench } from './hop-paths';
import { rowOf, type Findings, type Round, type Row } from './result';

/** Events in a request, how many of them a round has at most, and the share of the bare route's rate that is aimed at. */
const settings = [
  { batchEvents: 1, eventsEach: 4_000 },
  { batchEvents: 100, eventsEach: 30_000 },
  { batchEvents: 10_000, eventsEach: 120_000, atLeast: 0.5 },
] as const;
const rounds = 3;
const longestMs = 2_500;

/**
 * `POST /v1/events` of the built ingest, one partition, beside a bare Fastify route in a process of its own that publishes the same bytes
 * in one JetStream message. The bare one reads, checks and remembers nothing: what is between the two is what the door is for.
 */
export async function doorBatchRows({ connection, folder, sync }: HopBench): Promise<Findings> {
  const natsUrl = `nats://${connection.getServer()}`;
  const env = { NATS_URL: natsUrl, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, 'ingest'), PARTITIONS: '1', CLOCK: 'events', MAXIMUM_LAG_SECONDS: '1000000', LOG_LEVEL: 'fatal' };
  const ingest = await startService('ingest', { env });
  const log = await makeLog(connection, 'bare-door');
  const port = await freePort();
  const bareUrl = `http://127.0.0.1:${port}`;
  const script = join(repositoryFolder(), 'tools/bench/bare-fastify.mjs');
  const bare = await startProcess({ name: 'bare', command: process.execPath, args: [script], env: { NATS_URL: natsUrl, SUBJECT: log.subject, PORT: String(port) }, readyUrl: `${bareUrl}/health/ready` });
  try {
    const rows: Row[] = [];
    for (const setting of settings) rows.push(await rowFor(setting, sync, { bareUrl, doorUrl: ingest.url }));
    return { rows, shares: [] };
  } finally {
    await bare.stop();
    await ingest.stop();
  }
}

async function rowFor(setting: { readonly batchEvents: number; readonly eventsEach: number; readonly atLeast?: number }, sync: string, { bareUrl, doorUrl }: { readonly bareUrl: string; readonly doorUrl: string }): Promise<Row> {
  const { batchEvents, eventsEach, atLeast } = setting;
  const [bare, door] = [new DoorClient(bareUrl), new DoorClient(doorUrl)];
  const taken: Round[] = [];
  for (let round = -1; round < rounds; round++) {
    // Ids differ from round to round: a known event would be answered without being written. The first round only warms.
    const bodies = bodiesOf(new EventMix(`batches-${batchEvents}-${round}`).take(eventsEach), batchEvents);
    const raw = await rate(bare, bodies, batchEvents);
    const ours = await rate(door, bodies, batchEvents);
    if (round >= 0) taken.push({ raw, ours });
  }
  bare.close();
  door.close();
  return rowOf({ path: 'door', setting: `HTTP, batches of ${batchEvents}, sync ${sync}`, unit: 'events/s', note: 'beside a bare Fastify route', ...(atLeast !== undefined && { aim: { atLeast } }) }, taken);
}

async function rate(client: DoorClient, bodies: readonly string[], batchEvents: number): Promise<number> {
  const startedAtMs = performance.now();
  const posted = await client.postAll(bodies, longestMs);
  return (posted * batchEvents * 1_000) / (performance.now() - startedAtMs);
}

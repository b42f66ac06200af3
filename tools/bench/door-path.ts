import type { LineEvent } from '@sp/contracts';
import { encodeFrame } from '@sp/dataflow';
import { startService } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { join } from 'node:path';
import { makeLog, removeLog } from './bench-log';
import { BarePublisher } from './bare-publisher';
import { bodiesOf, DoorClient } from './door-client';
import { EventMix } from './event-mix';
import type { HopBench } from './hop-paths';
import { rowOf, type Findings, type Round } from './result';

const batchEvents = 100;
const eventsEach = 15_000;
const rounds = 3;
const longestMs = 2_500;

/** `POST /v1/events` of the built ingest, one partition, beside publishing frames of the same size without a door. */
export async function doorRow({ connection, folder, sync }: HopBench): Promise<Findings> {
  const env = { NATS_URL: `nats://${connection.getServer()}`, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, 'ingest'), PARTITIONS: '1', CLOCK: 'events', MAXIMUM_LAG_SECONDS: '1000000', LOG_LEVEL: 'fatal' };
  const ingest = await startService('ingest', { env });
  const door = new DoorClient(ingest.url);
  const taken: Round[] = [];
  try {
    await post(door, 'warm');
    for (let round = 0; round < rounds; round++) {
      const raw = await publishBare(connection, new EventMix().take(eventsEach));
      taken.push({ raw, ours: await post(door, `round-${round}`) });
    }
  } finally {
    door.close();
    await ingest.stop();
  }
  const row = rowOf({ path: 'door', setting: `batches of ${batchEvents}, sync ${sync}`, unit: 'events/s', note: 'JSON, checks, duplicates' }, taken);
  return { rows: [row], shares: [] };
}

/** Ids differ from round to round: a known event would be answered without being written. */
async function post(door: DoorClient, name: string): Promise<number> {
  const bodies = bodiesOf(new EventMix(name).take(eventsEach), batchEvents);
  const startedAtMs = performance.now();
  const posted = await door.postAll(bodies, longestMs);
  return (posted * batchEvents * 1_000) / (performance.now() - startedAtMs);
}

async function publishBare(connection: NatsConnection, events: readonly LineEvent[]): Promise<number> {
  const log = await makeLog(connection, 'bare');
  const publisher = new BarePublisher(connection, log.subject);
  const startedAtMs = performance.now();
  for (let first = 0, to = 1; first < events.length; first += batchEvents, to++) {
    await publisher.send(encodeFrame({ partition: 0, from: to, to, sequencedAtMs: 0, events: events.slice(first, first + batchEvents) }), to);
  }
  await publisher.settle();
  const seconds = (performance.now() - startedAtMs) / 1_000;
  await publisher.close();
  await removeLog(connection, log);
  return events.length / seconds;
}

import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import { identityOf, offersDoor, stageLog, stages, type LineEvent } from '@sp/contracts';
import { decodeFrame, type Frame } from '@sp/dataflow';
import { NatsInputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { setTimeout as pause } from 'node:timers/promises';

export interface Judged {
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** Frames of a later stage that leave inputs out, or take them twice. */
  readonly brokenFrames: number;
  readonly offers: number;
  /** Offers for the channels that stand in no log of the recommender, are missing, or are there twice. */
  readonly wrongOffers: number;
  /** Events in the logs of ingest, and as ClickHouse has counted them. */
  readonly logged: number;
  readonly counted: number;
}

/** Compares what a bank was answered for with every log of the line and with ClickHouse, after the line has come to rest. */
export async function judgeLine(connection: NatsConnection, clickhouse: ClickHouseClient, partitions: number, acknowledged: readonly LineEvent[]): Promise<Judged> {
  await untilAtRest(connection, partitions);
  const places = Array.from({ length: partitions }, (_, partition) => partition);
  const logs = await Promise.all(stages.map((stage) => Promise.all(places.map((partition) => framesOf(connection, stageLog(stage, partition).stream)))));
  const events = logs[0]!.map((frames) => frames.flatMap((frame) => frame.events));
  const made = logs[stages.indexOf('recommender')]!.flat().flatMap((frame) => frame.events.filter(({ type }) => type === 'offer.issued').map(({ id }) => id));
  const sent = await idsOfOffers(connection);
  const logged = events.flat().length;
  return {
    ...compare(events.flat(), acknowledged),
    brokenFrames: logs.slice(1).flat().reduce((sum, frames) => sum + brokenFramesOf(frames), 0),
    offers: made.length,
    wrongOffers: sent.length - new Set(sent).size + [...new Set(made)].filter((id) => !sent.includes(id)).length + sent.filter((id) => !made.includes(id)).length,
    logged,
    counted: await countedBy(clickhouse, logged),
  };
}

/** Shared facts stand in every partition, so each event is looked for by the times that it is there. */
function compare(logged: readonly LineEvent[], acknowledged: readonly LineEvent[]): Pick<Judged, 'lost' | 'doubled' | 'outOfOrder'> {
  const places = new Map<string, number[]>();
  logged.forEach((event, place) => places.set(identityOf(event), [...(places.get(identityOf(event)) ?? []), place]));
  const last = new Map<string, number>();
  const found = { lost: 0, doubled: 0, outOfOrder: 0 };
  for (const event of acknowledged) {
    const own = places.get(identityOf(event)) ?? [];
    const isShared = event.type === 'merchant.registered' || event.type === 'campaign.published';
    if (own.length === 0) found.lost++;
    if (own.length > 1 && !isShared) found.doubled++;
    if (isShared || own[0] === undefined) continue;
    if (own[0] < (last.get(event.subject) ?? -1)) found.outOfOrder++;
    last.set(event.subject, own[0]);
  }
  return found;
}

function brokenFramesOf(frames: readonly Frame[]): number {
  return frames.filter(({ from }, place) => from !== (place === 0 ? 1 : frames[place - 1]!.to + 1)).length;
}

/** Every stage has read all that the one before it has written, twice in a row. */
async function untilAtRest(connection: NatsConnection, partitions: number): Promise<void> {
  let before = '';
  for (let calm = 0; calm < 3; await pause(1_000)) {
    const { streams } = await connection.jetstreamManager();
    const last = await Promise.all(stages.flatMap((stage) => Array.from({ length: partitions }, async (_, partition) => (await streams.info(stageLog(stage, partition).stream)).state.last_seq)));
    const heads = last.slice(0, partitions);
    const isLevel = last.every((sequence, place) => sequence === heads[place % partitions]);
    calm = isLevel && before === last.join() ? calm + 1 : 0;
    before = last.join();
  }
}

async function framesOf(connection: NatsConnection, stream: string): Promise<Frame[]> {
  const [reading, frames] = [new AbortController(), [] as Frame[]];
  for await (const { bytes, pending } of new NatsInputLog(connection, stream).read(1, reading.signal)) {
    frames.push(decodeFrame(bytes));
    if (pending === 0) break;
  }
  reading.abort();
  return frames;
}

async function idsOfOffers(connection: NatsConnection): Promise<string[]> {
  const { streams } = await connection.jetstreamManager();
  if ((await streams.info(offersDoor.stream)).state.messages === 0) return [];
  const [reading, ids] = [new AbortController(), [] as string[]];
  for await (const { bytes, pending } of new NatsInputLog(connection, offersDoor.stream).read(1, reading.signal)) {
    ids.push((JSON.parse(Buffer.from(bytes).toString()) as { id: string }).id);
    if (pending === 0) break;
  }
  reading.abort();
  return ids;
}

/** Sinks write now and then: asked until it agrees, or no longer grows. */
async function countedBy(client: ClickHouseClient, expected: number): Promise<number> {
  let counted = -1;
  for (let tries = 0; tries < 60 && counted !== expected; tries++) {
    if (tries > 0) await pause(1_000);
    const [row] = await readRows<{ events: string }>(client, 'SELECT toString(sum(count)) AS events FROM event_counts');
    counted = Number(row?.events ?? 0);
  }
  return counted;
}

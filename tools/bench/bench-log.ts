import type { LineEvent, LogName } from '@sp/contracts';
import { encodeFrame } from '@sp/dataflow';
import { DiscardPolicy, RetentionPolicy, StorageType, type NatsConnection } from 'nats';
import { BarePublisher } from './bare-publisher';
import { EventMix } from './event-mix';

let made = 0;

/** A fresh stream with the settings of the line's own logs. */
export async function makeLog(connection: NatsConnection, what: string): Promise<LogName> {
  const name = `BENCH_${what.toUpperCase()}_${++made}`;
  const log = { stream: name, subject: `bench.${name}` };
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name: log.stream, subjects: [log.subject], storage: StorageType.File, retention: RetentionPolicy.Limits, discard: DiscardPolicy.New, max_bytes: 1_073_741_824 });
  return log;
}

export async function removeLog(connection: NatsConnection, log: LogName): Promise<void> {
  await (await connection.jetstreamManager()).streams.delete(log.stream);
}

export interface FilledLog extends LogName {
  readonly frames: number;
  readonly frameEvents: number;
}

/** A busy machine gets fewer frames instead of more minutes. */
const leastFrames = 100;
const longestFillMs = 2_500;

/** Fills a log with up to so many frames of the mix. */
export async function fillLog(connection: NatsConnection, log: LogName, frames: number, frameEvents: number, first: readonly LineEvent[] = []): Promise<FilledLog> {
  const mix = new EventMix();
  const publisher = new BarePublisher(connection, log.subject, 32);
  const endsAtMs = performance.now() + longestFillMs;
  let filled = 0;
  for (let to = 1; to <= frames && (filled < leastFrames || performance.now() < endsAtMs); to++) {
    const events = to === 1 && first.length > 0 ? first : mix.take(frameEvents);
    await publisher.send(encodeFrame({ partition: 0, from: to, to, sequencedAtMs: 0, events }), to);
    filled = to;
  }
  await publisher.close();
  return { ...log, frames: filled, frameEvents };
}

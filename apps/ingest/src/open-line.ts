import { Logger } from '@nestjs/common';
import type { CleaningPolicy } from '@sp/cleaning';
import { controlLog, stageLog, type LogName } from '@sp/contracts';
import { decodeFrame, Sequencer } from '@sp/dataflow';
import { LmdbStateStore } from '@sp/lmdb';
import { NatsInputLog, NatsOutputLog } from '@sp/nats';
import { metrics, pauseBeforeRetry } from '@sp/platform';
import type { NatsConnection } from 'nats';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { EventCleaner } from './event-cleaner';
import { LineClock } from './line-clock';
import { LineLag } from './line-lag';
import { LineDoor, type LineDoorOptions } from './line-door';

export interface OpenLine {
  readonly door: LineDoor;
  readonly clock: LineClock;
  close(): Promise<void>;
}

export interface OpenLineOptions {
  readonly connection: NatsConnection;
  readonly dataFolder: string;
  readonly partitions: number;
  readonly clock: 'wall' | 'events';
  readonly maximumLagMs: number;
  readonly cleaning: CleaningPolicy;
  readonly onRejected: LineDoorOptions['onRejected'];
}

/** Opens every sequencer, catches up on shared facts that a crash kept from the partitions, and starts the clock. */
export async function openLine(options: OpenLineOptions): Promise<OpenLine> {
  const { connection, dataFolder } = options;
  const stores: LmdbStateStore[] = [];
  const open = async (name: string, log: LogName, partition: number): Promise<Sequencer> => {
    const store = new LmdbStateStore(join(dataFolder, name));
    stores.push(store);
    const ownLog = new NatsInputLog(connection, log.stream);
    const sequencer = new Sequencer({ partition, store, ownLog, output: new NatsOutputLog(connection, log), owner: randomUUID(), pause: pauseBeforeRetry, nowMs: Date.now, remembersAll: log === controlLog, onFailure: (error) => end(name, error) });
    await sequencer.open();
    return sequencer;
  };
  const control = await open('control', controlLog, 0);
  const partitions = await Promise.all(Array.from({ length: options.partitions }, (_, partition) => open(`partition-${partition}`, stageLog('ingest', partition), partition)));
  const clock = new LineClock(options.clock, Math.max(0, ...partitions.map(({ newestMs }) => newestMs)));
  const lag = new LineLag(connection, { partitions: options.partitions, maximumMs: options.maximumLagMs });
  const cleaner = new EventCleaner(new LmdbStateStore(join(dataFolder, 'cleaning')), options.cleaning);
  const door = new LineDoor({ partitions, control, clock, lag, cleaner, onRejected: options.onRejected });
  await copyMissing(connection, door, control, Math.min(...partitions.map(({ mark }) => mark)));
  const ticking = options.clock === 'wall' ? setInterval(() => void door.tick(Date.now()).catch(() => undefined), 1_000) : undefined;
  if (options.clock === 'wall') await door.tick(Date.now());
  metrics.lineLagSeconds.set({ stage: 'ingest' }, 0);
  return {
    door,
    clock,
    close: async () => {
      clearInterval(ticking);
      lag.close();
      await Promise.all([control, ...partitions].map((sequencer) => sequencer.settle()));
      await cleaner.close();
      for (const store of stores) await store.close();
    },
  };
}

/** A door that cannot append must not stay open: whoever started the process starts it again, from the log. */
function end(name: string, error: unknown): void {
  new Logger('ingest').fatal(`${name} stopped: ${error instanceof Error ? error.stack : String(error)}`);
  setImmediate(() => process.exit(70));
}

async function copyMissing(connection: NatsConnection, door: LineDoor, control: Sequencer, copiedTo: number): Promise<void> {
  if (copiedTo >= control.lastSequence) return;
  const reading = new AbortController();
  for await (const message of new NatsInputLog(connection, controlLog.stream).read(copiedTo + 1, reading.signal)) {
    for (const event of decodeFrame(message.bytes).events) await door.copyShared(event, message.sequence);
    if (message.sequence >= control.lastSequence) break;
  }
  reading.abort();
}

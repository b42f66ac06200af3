import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { bankDoor, stageLog, type MergedTableName, type StageName, type TableMerged } from '@sp/contracts';
import { TableMerger } from '@sp/dataflow';
import { LmdbStateStore } from '@sp/lmdb';
import { LogPositionError, NatsInputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { keepTrying, pauseBeforeRetry } from './keep-trying';
import { metrics } from './metrics';

export interface MergerHostOptions {
  readonly table: MergedTableName;
  /** Whose partitions gather it. */
  readonly stage: StageName;
  readonly connection: NatsConnection;
  readonly dataFolder: string;
  readonly partitions: number;
  /** Resolves when the stage has appended its last frame. */
  readonly stageEnded: Promise<void>;
}

/** Where event time runs faster than the wall clock, versions need not: every one is copied into every partition. */
const leastPauseMs = 1_000;
/** Longer than the stage itself may take. */
const drainMs = 5_000;

/** Merges one table from a stage's partitions and asks ingest, over `control.requests`, to give each version its place in the line. */
export class MergerHost implements BeforeApplicationShutdown {
  /** No more pauses: what is left is merged, and then it ends. */
  readonly #hurrying = new AbortController();
  readonly #ending = new AbortController();
  readonly #store: LmdbStateStore;
  readonly #logger: Logger;
  readonly #running: Promise<void>;
  #merger: TableMerger | undefined;

  constructor(private readonly options: MergerHostOptions) {
    this.#logger = new Logger(`merger ${options.table}`);
    this.#store = new LmdbStateStore(join(options.dataFolder, `merged-${options.table}`));
    this.#running = keepTrying(this.#ending.signal, () => this.#merge(), (error) => this.#failed(error));
  }

  /** Reads to the end of its logs first, for a while: they are not kept for ever, and what is lost is missing in the sums. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#hurrying.abort();
    await Promise.race([this.options.stageEnded.then(() => this.#caughtUp()).catch(() => undefined), sleep(drainMs)]);
    this.#ending.abort();
    await this.#running;
    await this.#store.close();
  }

  async #caughtUp(): Promise<void> {
    const manager = await this.options.connection.jetstreamManager();
    for (let partition = 0; partition < this.options.partitions; partition++) {
      const { state } = await manager.streams.info(stageLog(this.options.stage, partition).stream);
      while ((this.#merger?.positions[partition] ?? 0) < state.last_seq) await sleep(20);
    }
  }

  async #merge(): Promise<void> {
    const { table, stage, connection, partitions } = this.options;
    const goneBefore = await this.#goneBefore();
    const inputs = Array.from({ length: partitions }, (_, partition) => new NatsInputLog(connection, stageLog(stage, partition).stream));
    const pause = (): Promise<void> => sleep(leastPauseMs, undefined, { signal: this.#hurrying.signal }).catch(() => undefined);
    this.#merger = new TableMerger({ table, inputs, store: this.#store, goneBefore, pause, publish: (version) => this.#publish(version) });
    await this.#merger.run(this.#ending.signal);
  }

  async #goneBefore(): Promise<number[]> {
    const manager = await this.options.connection.jetstreamManager();
    const infos = Array.from({ length: this.options.partitions }, (_, partition) => manager.streams.info(stageLog(this.options.stage, partition).stream));
    return (await Promise.all(infos)).map(({ state }) => Math.max(0, state.first_seq - 1));
  }

  async #publish({ timeMs, ...version }: TableMerged): Promise<void> {
    const request = JSON.stringify({ specversion: '1.0', time: new Date(timeMs).toISOString(), ...version });
    for (let attempt = 1; !this.#ending.signal.aborted; attempt++) {
      try {
        await this.options.connection.jetstream().publish(bankDoor.controlRequests, request, { msgID: version.id });
        return metrics.mergedVersions.inc({ table: version.data.table });
      } catch {
        await pauseBeforeRetry(attempt);
      }
    }
    // Not known to be kept, so nothing may be committed after it.
    throw new Error('ending');
  }

  /** Sums that have lost deltas would be wrong for ever. */
  #failed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if (!(error instanceof LogPositionError)) return this.#logger.warn(`waits: ${text}`);
    this.#logger.fatal(text);
    process.exit(70);
  }
}

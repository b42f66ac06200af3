import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { stageLog, type StageName } from '@sp/contracts';
import { checkTopology, StageRunner, type Flow, type LoggedBatch } from '@sp/dataflow';
import { LmdbStateStore } from '@sp/lmdb';
import { NatsInputLog, NatsOutputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pauseBeforeRetry } from './keep-trying';
import { registerReadiness } from './readiness';
import { RejectCarrier } from './reject-carrier';
import { observeStage } from './stage-observer';

export interface StageHostOptions<S extends StageName> {
  readonly flow: Flow<S>;
  readonly connection: NatsConnection;
  readonly dataFolder: string;
  readonly partitions: number;
  /** What else the service counts. */
  readonly onLogged?: (batch: LoggedBatch) => void;
}

/** How long a service that is asked to end still works on what waits for it. */
const drainMs = 3_000;

/** Runs a flow over all partitions inside a NestJS service. A bug or a lost fence ends the process loudly; whoever started it starts it again. */
export class StageHost<S extends StageName> implements BeforeApplicationShutdown {
  readonly #logger: Logger;
  readonly #ending = new AbortController();
  readonly #stores: LmdbStateStore[] = [];
  readonly #running: Promise<void>[] = [];
  #end: () => void = () => undefined;
  /** Nothing is appended any more. */
  readonly ended = new Promise<void>((resolve) => (this.#end = resolve));

  constructor(private readonly options: StageHostOptions<S>) {
    checkTopology(options.flow);
    this.#logger = new Logger(options.flow.stage);
    registerReadiness(`stage ${options.flow.stage}`, () => (this.#ending.signal.aborted ? 'ending' : undefined));
    for (let partition = 0; partition < options.partitions; partition++) this.#running.push(this.#runPartition(partition));
  }

  /** The state of a partition, for operators' reads. */
  storeOf(partition: number): LmdbStateStore {
    return this.#stores[partition]!;
  }

  /** What the stage before has logged is folded first, for a while: the log of a line that stands still for long is not kept for ever. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.race([this.#caughtUp().catch(() => undefined), new Promise((resume) => setTimeout(resume, drainMs))]);
    this.#ending.abort();
    await Promise.allSettled(this.#running);
    this.#end();
    for (const store of this.#stores) await store.close();
  }

  async #caughtUp(): Promise<void> {
    const manager = await this.options.connection.jetstreamManager();
    for (const [partition, store] of this.#stores.entries()) {
      const { state } = await manager.streams.info(stageLog(this.options.flow.input, partition).stream);
      while (store.position().input < state.last_seq) await new Promise((resume) => setTimeout(resume, 20));
    }
  }

  async #runPartition(partition: number): Promise<void> {
    const { flow, connection, partitions, dataFolder, onLogged } = this.options;
    try {
      const store = new LmdbStateStore(join(dataFolder, `partition-${partition}`));
      this.#stores[partition] = store;
      const runner = new StageRunner<S>({
        flow, partition, partitions, store,
        input: new NatsInputLog(connection, stageLog(flow.input, partition).stream),
        output: new NatsOutputLog(connection, stageLog(flow.stage, partition)),
        owner: randomUUID(),
        pause: pauseBeforeRetry,
        observer: observeStage(flow, onLogged),
        carryRejected: (rejected) => new RejectCarrier(connection).carry(rejected),
      });
      await runner.run(this.#ending.signal);
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.#logger.fatal(`partition ${partition} stopped: ${error instanceof Error ? error.stack : String(error)}`);
      process.exit(70);
    }
  }
}

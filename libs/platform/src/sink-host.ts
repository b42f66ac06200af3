import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { stageLog, type LineEvent, type StageName } from '@sp/contracts';
import { connectClickHouse, highestPosition, lastFlush, recordFlush, SinkBuffer, type ClickHouseClient, type FlushRange, type LinePlace, type SinkFlush, type SinkRow, type Table } from '@sp/clickhouse';
import { decodeFrame, type InputLog } from '@sp/dataflow';
import { NatsInputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { keepTrying } from './keep-trying';
import { metrics } from './metrics';

/** What a sink reads: a stream for each partition, and how one message of it becomes items. */
export interface SinkSource<Item> {
  readonly streamOf: (partition: number) => string;
  readonly decode: (bytes: Uint8Array) => readonly Item[];
}

/** The log of a stage, frame by frame. */
export function stageSource(stage: StageName): SinkSource<LineEvent> {
  return { streamOf: (partition) => stageLog(stage, partition).stream, decode: (bytes) => decodeFrame(bytes).events };
}

/** A row for the table, checked against its columns. */
export function row<Row extends LinePlace>(table: Table<Row>, values: Row): SinkRow<LinePlace> {
  return { table: table.name, row: values };
}

export interface SinkHostOptions<Item> {
  readonly sink: string;
  readonly source: SinkSource<Item>;
  readonly partitions: number;
  readonly connection: NatsConnection;
  readonly clickHouseUrl: string;
  /** Every table that `rowsOf` names. */
  readonly tables: readonly Table<never>[];
  /** One message's rows; each goes to the table that it names. `placeOf` gives the place of the item of that ordinal. */
  readonly rowsOf: (items: readonly Item[], placeOf: (ordinal: number) => LinePlace) => readonly SinkRow<LinePlace>[];
  /** How long rows are gathered into one block: figures are that much behind. */
  readonly lingerMs?: number;
}

const maximumBlockRows = 20_000;

/**
 * Writes what a stage emits into ClickHouse, beside the line: a ClickHouse that is away delays figures, never decisions.
 * The position is what ClickHouse holds; a block that was begun before a stop is repeated exactly, under the same token.
 */
export class SinkHost<Item> implements BeforeApplicationShutdown {
  readonly #ending = new AbortController();
  readonly #client: ClickHouseClient;
  readonly #logger: Logger;
  readonly #running: Promise<void>[];

  constructor(private readonly options: SinkHostOptions<Item>) {
    this.#logger = new Logger(`sink ${options.sink}`);
    this.#client = connectClickHouse(options.clickHouseUrl);
    this.#running = Array.from({ length: options.partitions }, (_, partition) => this.#run(partition));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#running);
    await this.#client.close();
  }

  #run(partition: number): Promise<void> {
    const onError = (error: unknown): void => this.#logger.warn(`partition ${partition} waits: ${error instanceof Error ? error.message : String(error)}`);
    return keepTrying(this.#ending.signal, () => this.#write(partition), onError);
  }

  async #write(partition: number): Promise<void> {
    const { sink, source, connection, tables } = this.options;
    const stored = new Map<string, number>();
    for (const { name } of tables) stored.set(name, (await highestPosition(this.#client, { name }, partition)) ?? 0);
    const unfinished = await this.#unfinishedFlush(partition);
    const from = await this.#firstToRead(partition, unfinished?.from ?? 1 + Math.max(0, ...stored.values()));
    const buffer = new SinkBuffer<LinePlace>({ sink, partition, maxRows: maximumBlockRows, stored, unfinished });
    const log = new NatsInputLog(connection, source.streamOf(partition));
    const reading = new AbortController();
    // The end may have come while ClickHouse was asked where to begin: a listener alone would wait for it forever.
    const ended = AbortSignal.any([this.#ending.signal, reading.signal]);
    const failure = this.#flushEvery(buffer, partition, reading).then(() => undefined, (error: unknown) => ({ error }));
    try {
      await this.#gather(log, partition, from, buffer, ended);
    } finally {
      reading.abort();
    }
    const failed = await failure;
    if (failed) throw failed.error;
  }

  /** The flush that the last run may have left half done, if the log still holds it: only the very same blocks complete it. */
  async #unfinishedFlush(partition: number): Promise<FlushRange | undefined> {
    const last = await lastFlush(this.#client, this.options.sink, partition);
    return last && (await this.#firstKept(partition)) <= last.from ? last : undefined;
  }

  async #firstToRead(partition: number, wanted: number): Promise<number> {
    const first = await this.#firstKept(partition);
    if (first > wanted) this.#logger.warn(`partition ${partition}: messages ${wanted} to ${first - 1} are gone by the log's retention; what of them was not stored before is missing in the figures`);
    return Math.max(first, wanted);
  }

  async #firstKept(partition: number): Promise<number> {
    const manager = await this.options.connection.jetstreamManager();
    return (await manager.streams.info(this.options.source.streamOf(partition))).state.first_seq || 1;
  }

  /** Reads on until so much is gathered that a block must go first. */
  async #gather(log: InputLog, partition: number, from: number, buffer: SinkBuffer<LinePlace>, signal: AbortSignal): Promise<void> {
    for await (const message of log.read(from, signal)) {
      buffer.add(message.sequence, this.options.rowsOf(this.options.source.decode(message.bytes), (ordinal) => ({ partition, linePosition: message.sequence, ordinal })));
      while (buffer.isDue && !signal.aborted) await new Promise((resume) => setTimeout(resume, 5));
    }
  }

  async #flushEvery(buffer: SinkBuffer<LinePlace>, partition: number, reading: AbortController): Promise<void> {
    try {
      let lastMs = 0;
      while (!reading.signal.aborted) {
        await new Promise((resume) => setTimeout(resume, 25));
        if (!buffer.isDue && Date.now() - lastMs < (this.options.lingerMs ?? 1_000)) continue;
        lastMs = Date.now();
        const flush = buffer.take();
        if (flush && flush.blocks.length > 0) await this.#store(flush, partition);
      }
      const rest = this.#ending.signal.aborted ? buffer.take() : undefined;
      if (rest && rest.blocks.length > 0) await this.#store(rest, partition);
    } catch (error) {
      reading.abort();
      throw error;
    }
  }

  async #store(flush: SinkFlush<LinePlace>, partition: number): Promise<void> {
    await recordFlush(this.#client, this.options.sink, partition, flush);
    for (const { table, rows } of flush.blocks) {
      const target = this.options.tables.find(({ name }) => name === table) as Table<LinePlace> | undefined;
      if (!target) throw new Error(`the sink ${this.options.sink} has no table ${table}`);
      await target.insert(this.#client, rows, { token: flush.token });
      metrics.sinkRows.inc({ table }, rows.length);
    }
  }
}

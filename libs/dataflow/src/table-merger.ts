import { numberTable, ownSource, rowsOfTable, sumOfRows, type MergedTableName, type NumberRow, type TableMerged } from '@sp/contracts';
import { decodeFrame } from './frame';
import { KeyedState } from './keyed-state';
import type { InputLog, LogMessage } from './log.port';
import type { StateStore } from './state-store.port';

export interface TableMergerOptions {
  readonly table: MergedTableName;
  /** The gathering stage's log of each partition, always in the same order. */
  readonly inputs: readonly InputLog[];
  readonly store: StateStore;
  /** Where to begin without any state: what each log no longer keeps. A merger that has state misses what is gone, and stops. */
  readonly goneBefore?: readonly number[];
  /** Resolves when the version is durably on its way into the control log; may be asked for the same version again. */
  readonly publish: (version: TableMerged) => Promise<void>;
  /** Between two versions: the edge may keep them apart. */
  readonly pause?: () => Promise<void>;
  /** Where nothing changes, positions follow after so many frames. */
  readonly commitEveryFrames?: number;
}

/** In event time: how far versions stand apart. */
const versionEveryMs = 1_000;

interface Gathered {
  readonly timeMs: number;
  readonly rows: readonly (readonly [string, NumberRow])[];
}

interface Source {
  /** Read, and later than what is merged. */
  readonly queue: Gathered[];
  position: number;
  tickedMs: number;
}

interface Standing {
  /** Everything up to this tick is in the sums. */
  readonly mergedMs: number;
  readonly sources: readonly Source[];
}

/**
 * Merges what all partitions gathered into one table, and publishes it about once a second of event time.
 *
 * A version is an instant: the sums of everything that any partition gathered at ticks up to it, taken when all have ticked so far. So the
 * values follow from the logs and the instant alone, whoever merges and however often he was killed. Published are the rows that changed since
 * the last version that was taken; sums, positions and what is read but not merged yet are committed together after that, so each delta
 * counts once. A second owner does no harm: what he publishes is as true, and a version that is not newer is passed over by the control log.
 */
export class TableMerger {
  readonly #state: KeyedState;
  readonly #sources: readonly Source[];
  #mergedMs: number;
  #uncommittedFrames = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: TableMergerOptions) {
    this.#state = new KeyedState(options.store);
    const { mergedMs, sources } = standingOf(options.store) ?? { mergedMs: 0, sources: [] };
    this.#mergedMs = mergedMs;
    this.#sources = options.inputs.map((_, place) => sources[place] ?? { queue: [], position: options.goneBefore?.[place] ?? 0, tickedMs: 0 });
  }

  /** How far each input has been read. */
  get positions(): readonly number[] {
    return this.#sources.map(({ position }) => position);
  }

  /** Runs until the signal aborts; a gap in a log throws. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#sources.map((source, place) => this.#read(source, this.options.inputs[place]!, signal)));
    await this.#commit();
  }

  async #read(source: Source, log: InputLog, signal: AbortSignal): Promise<void> {
    for await (const message of log.read(source.position + 1, signal)) {
      this.#take(source, message);
      if (message.pending > 0 && message.sequence % 64 !== 0) continue;
      // One version at a time; the check comes again after every wait, so the last one to read sees all that is due.
      this.#turn = this.#turn.then(() => this.#merge());
      await this.#turn;
    }
  }

  #take(source: Source, { sequence, bytes }: LogMessage): void {
    for (const event of decodeFrame(bytes).events) {
      if (event.type === 'clock.ticked') source.tickedMs = Math.max(source.tickedMs, event.timeMs);
      if (event.type === 'deltas.gathered' && event.data.table === this.options.table) source.queue.push({ timeMs: event.timeMs, rows: [...rowsOfTable(event.data)] });
    }
    source.position = sequence;
    this.#uncommittedFrames++;
  }

  async #merge(): Promise<void> {
    const untilMs = Math.min(...this.#sources.map(({ tickedMs }) => tickedMs));
    const changed = untilMs >= this.#mergedMs + versionEveryMs ? this.#sumUp(untilMs) : [];
    if (changed.length > 0) await this.#publish(changed);
    if (changed.length > 0 || this.#uncommittedFrames >= (this.options.commitEveryFrames ?? 256)) await this.#commit();
    if (changed.length > 0) await this.options.pause?.();
  }

  /** Answers the keys of the rows that changed. */
  #sumUp(untilMs: number): string[] {
    const changed = new Set<string>();
    for (const { queue } of this.#sources) {
      for (let first = queue[0]; first && first.timeMs <= untilMs; first = queue[0]) {
        queue.shift();
        for (const [key, delta] of first.rows) {
          this.#state.put(`row:${key}`, sumOfRows(this.#state.get<NumberRow>(`row:${key}`), delta));
          changed.add(key);
        }
      }
    }
    this.#mergedMs = untilMs;
    return [...changed].sort();
  }

  async #publish(changed: readonly string[]): Promise<void> {
    const [{ table }, version] = [this.options, this.#mergedMs];
    const rows = numberTable(changed.map((key) => [key, this.#state.get<NumberRow>(`row:${key}`)!]));
    await this.options.publish({ type: 'table.merged', id: `${table}:${version}`, source: ownSource, subject: table, timeMs: version, data: { table, version, ...rows } });
  }

  async #commit(): Promise<void> {
    this.#state.put(standingKey, { mergedMs: this.#mergedMs, sources: this.#sources } satisfies Standing);
    const input = this.positions.reduce((sum, position) => sum + position, 0);
    this.#uncommittedFrames = 0;
    await this.options.store.commit({ position: { input, output: 0 }, values: this.#state.takeChanges(), timers: new Map() });
    this.#state.trim();
  }
}

const standingKey = 'standing';

/** How far a merger's committed state has come; undefined before its first commit. */
export function standingOf(store: Pick<StateStore, 'get' | 'entries'>): Standing | undefined {
  return new KeyedState(store as StateStore).get<Standing>(standingKey);
}

import { numberTable, ownSource, type DeltasGathered, type LineEvent, type MergedTableName, type StageName } from '@sp/contracts';
import { Packr } from 'msgpackr';
import type { Emitted, Flow, Fold } from '../flow';
import { InMemoryStateStore } from '../in-memory-state-store';
import { KeyedState } from '../keyed-state';
import { isControlFact } from '../shared-facts';
import type { RejectedEvent } from '../stage-observer';
import { Timers } from '../timers';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });
const maximumWakesAFrame = 200;

/** State without a cache: every value is read from its bytes, so that a change in place that is not put shows. */
export class PlainState extends KeyedState {
  readonly values = new Map<string, Uint8Array>();

  constructor() {
    super(new InMemoryStateStore());
  }

  override get<T>(key: string): T | undefined {
    const bytes = this.values.get(key);
    return bytes && (packr.unpack(bytes) as T);
  }

  override put(key: string, value: unknown): void {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, packr.pack(value));
  }

  /** A fold reads these at its start, when an undisturbed one has none. */
  override *entries<T>(): Iterable<readonly [string, T]> {}
}

/** Timers as a table that is searched. */
export class PlainTimers extends Timers {
  readonly atByKey = new Map<string, number>();

  override set(key: string, atMs: number | undefined): void {
    if (atMs === undefined) this.atByKey.delete(key);
    else this.atByKey.set(key, atMs);
  }

  override takeDue(nowMs: number): string | undefined {
    let first: readonly [string, number] | undefined;
    for (const entry of this.atByKey) {
      if (entry[1] > nowMs) continue;
      if (!first || entry[1] < first[1] || (entry[1] === first[1] && entry[0] < first[0])) first = entry;
    }
    if (first) this.atByKey.delete(first[0]);
    return first?.[0];
  }
}

/** Sums that are let out whole, all at once. */
class PlainDeltas {
  constructor(private readonly state: PlainState) {}

  add(table: MergedTableName, key: string, delta: object): void {
    const gathered = this.#gathered();
    const row = ((gathered[table] ??= {})[key] ??= {});
    for (const [name, number] of Object.entries(delta) as [string, number][]) row[name] = (row[name] ?? 0) + number;
    this.state.put('~deltas', gathered);
  }

  take(stage: StageName, timeMs: number): DeltasGathered[] {
    const gathered = Object.entries(this.#gathered());
    this.state.put('~deltas', undefined);
    return gathered.map(([name, rows]) => {
      const table = name as MergedTableName;
      return { type: 'deltas.gathered', id: `${table}:${stage}:0:${timeMs}`, source: ownSource, subject: table, timeMs, data: { table, ...numberTable(Object.entries(rows)) } };
    });
  }

  #gathered(): Record<string, Record<string, Record<string, number>>> {
    return this.state.get('~deltas') ?? {};
  }
}

/** What a stage is to do, said as plainly as it can be: one frame after the other, nothing kept but values and timers. */
export class Oracle {
  readonly state = new PlainState();
  readonly timers = new PlainTimers();
  /** Everything that was refused, in order. */
  readonly rejected: RejectedEvent[] = [];
  readonly #deltas = new PlainDeltas(this.state);
  readonly #fold: Fold<StageName>;

  constructor(private readonly flow: Flow<StageName>) {
    this.#fold = flow.openFold({ partition: 0, partitions: 1, state: this.state, timers: this.timers, deltas: this.#deltas });
  }

  async frame(events: readonly LineEvent[], position: number): Promise<LineEvent[]> {
    const outputs: { readonly event: LineEvent; readonly isEmitted: boolean }[] = [];
    const emit = (event: Emitted<StageName>): void => void outputs.push({ event, isEmitted: true });
    let wakes = maximumWakesAFrame;
    for (const [item, event] of events.entries()) {
      const tickedMs = this.state.get<number>('~ticked') ?? 0;
      if (event.type === 'deltas.gathered') continue;
      if (event.type === 'clock.ticked') wakes -= this.#wake(event.timeMs, wakes, emit);
      const place = outputs.length;
      const isUnseen = this.flow.late === 'count-and-hand-on' && event.timeMs < tickedMs && event.type !== 'clock.ticked' && !isControlFact(event);
      const answer = isUnseen ? 'pass' : this.#fold.onEvent(event, emit);
      if (answer === 'pass') outputs.splice(place, 0, { event, isEmitted: false });
      else if (answer !== 'drop') this.rejected.push({ stage: this.flow.stage, step: this.flow.foldName, partition: 0, position, item, event, reject: answer });
      if (event.type === 'clock.ticked' && event.timeMs > tickedMs) {
        this.state.put('~ticked', event.timeMs);
        for (const gathered of this.#deltas.take(this.flow.stage, event.timeMs)) outputs.push({ event: gathered, isEmitted: false });
      }
    }
    const emitted = outputs.filter(({ isEmitted }) => isEmitted).map(({ event }) => event as Emitted<StageName>);
    const called: readonly LineEvent[] = this.flow.call && emitted.length > 0 ? await this.flow.call(emitted) : emitted;
    let next = 0;
    return outputs.map(({ event, isEmitted }) => (isEmitted ? called[next++]! : event));
  }

  #wake(timeMs: number, most: number, emit: (event: Emitted<StageName>) => void): number {
    for (let woken = 0; woken < most; woken++) {
      const key = this.timers.takeDue(timeMs);
      if (key === undefined) return woken;
      this.#fold.onTimer?.(key, timeMs, emit);
    }
    return most;
  }
}

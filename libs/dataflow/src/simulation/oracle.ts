import type { LineEvent, StageName } from '@sp/contracts';
import { Packr } from 'msgpackr';
import type { Emitted, Flow, Fold } from '../flow';
import { InMemoryStateStore } from '../in-memory-state-store';
import { KeyedState } from '../keyed-state';
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

/** What a stage is to do, said as plainly as it can be: one frame after the other, nothing kept but values and timers. */
export class Oracle {
  readonly state = new PlainState();
  readonly timers = new PlainTimers();
  readonly #fold: Fold<StageName>;

  constructor(private readonly flow: Flow<StageName>) {
    this.#fold = flow.openFold({ partition: 0, partitions: 1, state: this.state, timers: this.timers });
  }

  async frame(events: readonly LineEvent[]): Promise<LineEvent[]> {
    const outputs: { readonly event: LineEvent; readonly isEmitted: boolean }[] = [];
    const emit = (event: Emitted<StageName>): void => void outputs.push({ event, isEmitted: true });
    let wakes = maximumWakesAFrame;
    for (const event of events) {
      if (event.type === 'clock.ticked') wakes -= this.#wake(event.timeMs, wakes, emit);
      const place = outputs.length;
      if (this.#fold.onEvent(event, emit) === 'pass') outputs.splice(place, 0, { event, isEmitted: false });
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

import type { LineEvent, StageName } from '@sp/contracts';
import { Deltas } from './deltas';
import type { Emitted, Flow, Fold } from './flow';
import type { Frame } from './frame';
import type { KeyedState } from './keyed-state';
import { isControlFact } from './shared-facts';
import type { RejectedEvent } from './stage-observer';
import type { Timers } from './timers';

/** However many ticks a frame holds: what wakes becomes due decisions with all their candidates, and a frame has a size. */
const maximumWakesAFrame = 200;
export interface FoldedFrame<S extends StageName> {
  readonly input: Frame;
  readonly position: number;
  readonly outputs: LineEvent[];
  readonly emitted: Emitted<S>[];
  /** Where each emitted event stands in `outputs`: a call may still complete it. */
  readonly places: number[];
  readonly rejected: RejectedEvent[];
  late: number;
}

/** The last tick is state like any other: which event is late must not depend on when the process began. */
const tickedKey = '~ticked';

/** Folds the frames of one partition, one after the other: what is late, what wakes, and in which order everything stands in the output. */
export class FrameFold<S extends StageName> {
  readonly #deltas: Deltas;
  readonly #fold: Fold<S>;
  #tickedMs: number;

  constructor(
    private readonly flow: Flow<S>,
    private readonly partition: number,
    partitions: number,
    private readonly state: KeyedState,
    private readonly timers: Timers,
  ) {
    this.#deltas = new Deltas(state);
    this.#tickedMs = state.get<number>(tickedKey) ?? 0;
    this.#fold = flow.openFold({ partition, partitions, state, timers, deltas: this.#deltas });
  }

  fold(input: Frame, position: number): FoldedFrame<S> {
    const folded: FoldedFrame<S> = { input, position, outputs: [], emitted: [], places: [], rejected: [], late: 0 };
    const emit = (event: Emitted<S>): void => void folded.emitted.push(event);
    let wakes = maximumWakesAFrame;
    for (let item = 0; item < input.events.length; item++) {
      const event = input.events[item]!;
      // What an earlier stage gathered is for the merger, which reads that stage's own log.
      if (event.type === 'deltas.gathered') continue;
      if (event.type === 'clock.ticked') {
        wakes = this.#wake(event.timeMs, wakes, folded, emit);
        this.#foldEvent(event, item, folded, emit);
        if (this.#ticked(event.timeMs)) folded.outputs.push(...this.#deltas.take(this.flow.stage, this.partition, event.timeMs));
      } else if (event.timeMs < this.#tickedMs && !isControlFact(event)) {
        folded.late++;
        if (this.flow.late === 'count-and-update') this.#foldEvent(event, item, folded, emit);
        else folded.outputs.push(event);
      } else this.#foldEvent(event, item, folded, emit);
    }
    return folded;
  }

  /** The event itself, where it is handed on, stands before what it made the fold emit. */
  #foldEvent(event: LineEvent, item: number, folded: FoldedFrame<S>, emit: (event: Emitted<S>) => void): void {
    const answer = this.#fold.onEvent(event, emit);
    if (answer === 'pass') folded.outputs.push(event);
    else if (answer !== 'drop') folded.rejected.push({ stage: this.flow.stage, step: this.flow.foldName, partition: folded.input.partition, position: folded.position, item, event, reject: answer });
    placeEmitted(folded);
  }

  /** Wakes at most so many, and answers how many more may be woken in this frame; the rest keeps its order for the next tick. */
  #wake(timeMs: number, most: number, folded: FoldedFrame<S>, emit: (event: Emitted<S>) => void): number {
    let left = most;
    for (; left > 0; left--) {
      const key = this.timers.takeDue(timeMs);
      if (key === undefined) break;
      this.#fold.onTimer?.(key, timeMs, emit);
    }
    placeEmitted(folded);
    return left;
  }

  /** Has event time gone on by this tick? */
  #ticked(timeMs: number): boolean {
    if (timeMs <= this.#tickedMs) return false;
    this.#tickedMs = timeMs;
    this.state.put(tickedKey, timeMs);
    return true;
  }
}

function placeEmitted<S extends StageName>({ outputs, emitted, places }: FoldedFrame<S>): void {
  while (places.length < emitted.length) places.push(outputs.push(emitted[places.length] as LineEvent) - 1);
}

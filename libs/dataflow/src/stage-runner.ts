import type { LineEvent, StageName } from '@sp/contracts';
import { Deltas } from './deltas';
import { FencedAppender } from './fenced-appender';
import type { Emitted, Flow, Fold } from './flow';
import { decodeFrame, encodeFrame, type Frame } from './frame';
import { KeyedState } from './keyed-state';
import type { InputLog, LogMessage, OutputFrame, OutputLog } from './log.port';
import { isControlFact } from './shared-facts';
import type { RejectedEvent, StageObserver } from './stage-observer';
import type { StateStore } from './state-store.port';
import { Timers } from './timers';

export interface StageRunnerOptions<S extends StageName> {
  readonly flow: Flow<S>;
  readonly partition: number;
  readonly partitions: number;
  readonly input: InputLog;
  readonly output: OutputLog;
  readonly store: StateStore;
  readonly owner: string;
  readonly pause: (attempt: number) => Promise<void>;
  readonly observer?: StageObserver;
  /**
   * Takes refused events to the dead letters, before the commit: after a crash the same ones come again, so each must be known by its place.
   * A stage that refuses without it stops.
   */
  readonly carryRejected?: (rejected: readonly RejectedEvent[]) => Promise<void>;
  /** Frames taken together before state is committed; a batch ends earlier when nothing waits behind it. */
  readonly maximumBatchFrames?: number;
  /** Values kept decoded in memory. */
  readonly maximumHotKeys?: number;
}

/** However many ticks a frame holds: what wakes becomes due decisions with all their candidates, and a frame has a size. */
const maximumWakesAFrame = 200;
/** Small frames share a commit by the hundred (docs/bench.md says what that gains); this ends a batch of large ones earlier. */
const maximumBatchBytes = 640_000;

interface FoldedFrame<S extends StageName> {
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

/**
 * Runs one flow over one partition: reads the input log from the committed position, folds, appends one output frame for an input
 * frame through the fence, and commits state, input position and output sequence together after the frames are durable.
 * After a crash the output log's last frame says how far the outputs got: inputs up to there are folded again but not written again.
 */
export class StageRunner<S extends StageName> {
  readonly #state: KeyedState;
  readonly #timers: Timers;
  readonly #deltas: Deltas;
  readonly #fold: Fold<S>;
  readonly #appender: FencedAppender;
  #watermark = 0;
  #tickedMs: number;
  #outputSequence = 0;

  constructor(private readonly options: StageRunnerOptions<S>) {
    const { flow, store, partition, partitions, output, owner, pause, maximumHotKeys } = options;
    this.#state = new KeyedState(store, maximumHotKeys);
    this.#timers = new Timers(store.timers());
    this.#deltas = new Deltas(this.#state);
    this.#tickedMs = this.#state.get<number>(tickedKey) ?? 0;
    this.#fold = flow.openFold({ partition, partitions, state: this.#state, timers: this.#timers, deltas: this.#deltas });
    this.#appender = new FencedAppender(output, { owner, pause });
  }

  /** Runs until the signal aborts. Throws on a bug of a fold, a fence taken by another owner, or a gap in the input. */
  async run(signal: AbortSignal): Promise<void> {
    const last = await this.#appender.open(this.options.store.position());
    this.#watermark = last.to;
    this.#outputSequence = last.sequence;
    let batch: LogMessage[] = [];
    let batchBytes = 0;
    for await (const message of this.options.input.read(this.options.store.position().input + 1, signal)) {
      batch.push(message);
      batchBytes += message.bytes.byteLength;
      if (message.pending > 0 && batch.length < (this.options.maximumBatchFrames ?? 128) && batchBytes < maximumBatchBytes) continue;
      await this.#process(batch);
      batch = [];
      batchBytes = 0;
      if (signal.aborted) break;
    }
  }

  async #process(batch: readonly LogMessage[]): Promise<void> {
    const folded = this.#foldAll(batch);
    const events = folded.reduce((sum, { input }) => sum + input.events.length, 0);
    const fresh = folded.filter((frame) => frame.position > this.#watermark);
    const completed = await this.#complete(fresh);
    if (completed.length > 0) {
      const appended = this.#began('append');
      this.#outputSequence = await this.#appender.append(completed);
      appended(events);
    }
    await this.#carryRejected(folded.flatMap(({ rejected }) => rejected));
    const committed = this.#began('commit');
    await this.#commit(folded.at(-1)!.position);
    committed(events);
    this.options.observer?.batchLogged({
      partition: this.options.partition, from: folded[0]!.position, to: folded.at(-1)!.position, frames: folded.length, events,
      late: folded.reduce((sum, frame) => sum + frame.late, 0),
      sequencedAtMs: folded.at(-1)!.input.sequencedAtMs,
      emitted: fresh.flatMap((frame) => frame.emitted as LineEvent[]),
    });
  }

  #foldAll(batch: readonly LogMessage[]): FoldedFrame<S>[] {
    const decoded = this.#began('decode');
    const inputs = batch.map(({ bytes }) => decodeFrame(bytes));
    const events = inputs.reduce((sum, input) => sum + input.events.length, 0);
    decoded(events);
    const ended = this.#began(this.options.flow.foldName);
    const folded = inputs.map((input, place) => this.#foldFrame(input, batch[place]!.sequence));
    ended(events);
    return folded;
  }

  #foldFrame(input: Frame, position: number): FoldedFrame<S> {
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
        if (this.#ticked(event.timeMs)) folded.outputs.push(...this.#deltas.take(this.options.flow.stage, this.options.partition, event.timeMs));
      } else if (event.timeMs < this.#tickedMs && !isControlFact(event)) {
        folded.late++;
        if (this.options.flow.late === 'count-and-update') this.#foldEvent(event, item, folded, emit);
        else folded.outputs.push(event);
      } else this.#foldEvent(event, item, folded, emit);
    }
    return folded;
  }

  /** The event itself, where it is handed on, stands before what it made the fold emit. */
  #foldEvent(event: LineEvent, item: number, folded: FoldedFrame<S>, emit: (event: Emitted<S>) => void): void {
    const answer = this.#fold.onEvent(event, emit);
    if (answer === 'pass') folded.outputs.push(event);
    else if (answer !== 'drop') folded.rejected.push({ stage: this.options.flow.stage, step: this.options.flow.foldName, partition: folded.input.partition, position: folded.position, item, event, reject: answer });
    placeEmitted(folded);
  }

  /** Wakes at most so many, and answers how many more may be woken in this frame; the rest keeps its order for the next tick. */
  #wake(timeMs: number, most: number, folded: FoldedFrame<S>, emit: (event: Emitted<S>) => void): number {
    let left = most;
    for (; left > 0; left--) {
      const key = this.#timers.takeDue(timeMs);
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
    this.#state.put(tickedKey, timeMs);
    return true;
  }

  async #complete(frames: readonly FoldedFrame<S>[]): Promise<OutputFrame[]> {
    const waiting = frames.flatMap((frame) => frame.emitted);
    const called = await this.#call(waiting);
    let next = 0;
    for (const { emitted, outputs, places } of called === waiting ? [] : frames) {
      for (const [order, place] of places.entries()) outputs[place] = (emitted[order] = called[next++]!) as LineEvent;
    }
    const encoded = this.#began('encode');
    const completed = frames.map(({ input: { partition, sequencedAtMs }, position, outputs }) => ({ from: position, to: position, bytes: encodeFrame({ partition, from: position, to: position, sequencedAtMs, events: outputs }) }));
    encoded(frames.reduce((sum, { outputs }) => sum + outputs.length, 0));
    return completed;
  }

  async #call(waiting: readonly Emitted<S>[]): Promise<readonly Emitted<S>[]> {
    const { call, callName = 'call' } = this.options.flow;
    if (!call || waiting.length === 0) return waiting;
    const answered = this.#began(callName);
    const called = await call(waiting);
    if (called.length !== waiting.length) throw new Error(`${callName} answered ${called.length} of ${waiting.length} events`);
    answered(called.length);
    return called;
  }

  async #carryRejected(rejected: readonly RejectedEvent[]): Promise<void> {
    if (rejected.length === 0) return;
    const { carryRejected, flow } = this.options;
    if (!carryRejected) throw new Error(`${flow.stage}/${flow.foldName} refuses ${rejected[0]!.event.id} (${rejected[0]!.reject.code}), and nobody takes it to the dead letters`);
    const carried = this.#began('reject');
    await carryRejected(rejected);
    carried(rejected.length);
  }

  async #commit(position: number): Promise<void> {
    // Still below the watermark, the log's last frame is not this input's: the pair of the last commit's output stays until it is.
    const output = position < this.#watermark ? this.options.store.position().output : this.#outputSequence;
    await this.options.store.commit({ position: { input: position, output }, values: this.#state.takeChanges(), timers: this.#timers.takeChanges() });
    this.#state.trim();
  }

  #began(step: string): (events: number) => void {
    return this.options.observer?.stepBegan?.(step) ?? ignored;
  }
}

const ignored = (): void => undefined;

function placeEmitted<S extends StageName>({ outputs, emitted, places }: FoldedFrame<S>): void {
  while (places.length < emitted.length) places.push(outputs.push(emitted[places.length] as LineEvent) - 1);
}

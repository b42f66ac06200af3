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
  /** In order; an emitted event that a call may still complete is named by its place in `emitted`. */
  readonly outputs: (LineEvent | { readonly emitted: number })[];
  readonly emitted: Emitted<S>[];
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
    const folded: FoldedFrame<S> = { input, position, outputs: [], emitted: [], rejected: [], late: 0 };
    const emit = (event: Emitted<S>): void => void folded.outputs.push({ emitted: folded.emitted.push(event) - 1 });
    let wakes = maximumWakesAFrame;
    for (const [item, event] of input.events.entries()) {
      // What an earlier stage gathered is for the merger, which reads that stage's own log.
      if (event.type === 'deltas.gathered') continue;
      if (event.type === 'clock.ticked') {
        wakes = this.#wake(event.timeMs, wakes, emit);
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

  #foldEvent(event: LineEvent, item: number, { input, position, outputs, rejected }: FoldedFrame<S>, emit: (event: Emitted<S>) => void): void {
    const place = outputs.length;
    const answer = this.#fold.onEvent(event, emit);
    if (answer === 'pass') outputs.splice(place, 0, event);
    else if (answer !== 'drop') rejected.push({ stage: this.options.flow.stage, step: this.options.flow.foldName, partition: input.partition, position, item, event, reject: answer });
  }

  /** Wakes at most so many, and answers how many more may be woken in this frame; the rest keeps its order for the next tick. */
  #wake(timeMs: number, most: number, emit: (event: Emitted<S>) => void): number {
    for (let left = most; left > 0; left--) {
      const key = this.#timers.takeDue(timeMs);
      if (key === undefined) return left;
      this.#fold.onTimer?.(key, timeMs, emit);
    }
    return 0;
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
    const encoded = this.#began('encode');
    let next = 0;
    let events = 0;
    const completed = frames.map((frame) => {
      const first = next;
      next += frame.emitted.length;
      events += frame.outputs.length;
      for (let place = 0; place < frame.emitted.length; place++) frame.emitted[place] = called[first + place]!;
      const outputs = frame.outputs.map((output) => ('emitted' in output ? (called[first + output.emitted] as LineEvent) : output));
      const { position } = frame;
      return { from: position, to: position, bytes: encodeFrame({ partition: frame.input.partition, from: position, to: position, sequencedAtMs: frame.input.sequencedAtMs, events: outputs }) };
    });
    encoded(events);
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

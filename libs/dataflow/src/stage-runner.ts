import type { LineEvent, StageName } from '@sp/contracts';
import { FencedAppender } from './fenced-appender';
import type { Emitted, Flow, Fold } from './flow';
import { decodeFrame, encodeFrame, type Frame } from './frame';
import { KeyedState } from './keyed-state';
import type { InputLog, LogMessage, OutputFrame, OutputLog } from './log.port';
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
  /** Frames taken together before state is committed; a batch ends earlier when nothing waits behind it. */
  readonly maximumBatchFrames?: number;
  /** Values kept decoded in memory. */
  readonly maximumHotKeys?: number;
}

/** What the edge may measure; the runner itself reads no clock. */
export interface StageObserver {
  /** A batch is durable in the output log. `late` are events behind the last tick: folded like others, but counted. `emitted` are what the fold added, replayed ones left out. */
  batchLogged(batch: { readonly frames: number; readonly events: number; readonly late: number; readonly sequencedAtMs: number; readonly emitted: readonly LineEvent[] }): void;
}

/** However many ticks a frame holds: what wakes becomes due decisions with all their candidates, and a frame has a size. */
const maximumWakesAFrame = 200;
/** A commit costs as much as some thirty small appends, so small frames share one by the hundred; this ends a batch of large ones earlier. */
const maximumBatchBytes = 640_000;

interface FoldedFrame<S extends StageName> {
  readonly input: Frame;
  readonly position: number;
  /** In order; an emitted event that a call may still complete is named by its place in `emitted`. */
  readonly outputs: (LineEvent | { readonly emitted: number })[];
  readonly emitted: Emitted<S>[];
  late: number;
}

/**
 * Runs one flow over one partition: reads the input log from the committed position, folds, appends one output frame for an input
 * frame through the fence, and commits state, input position and output sequence together after the frames are durable.
 * After a crash the output log's last frame says how far the outputs got: inputs up to there are folded again but not written again.
 */
export class StageRunner<S extends StageName> {
  readonly #state: KeyedState;
  readonly #timers: Timers;
  readonly #fold: Fold<S>;
  readonly #appender: FencedAppender;
  #watermark = 0;
  #tickedMs = 0;
  #outputSequence = 0;

  constructor(private readonly options: StageRunnerOptions<S>) {
    const { flow, store, partition, partitions, output, owner, pause, maximumHotKeys } = options;
    this.#state = new KeyedState(store, maximumHotKeys);
    this.#timers = new Timers(store.timers());
    this.#fold = flow.openFold({ partition, partitions, state: this.#state, timers: this.#timers });
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
    const folded = batch.map((message) => this.#foldFrame(message));
    const fresh = folded.filter((frame) => frame.position > this.#watermark);
    const completed = await this.#complete(fresh);
    if (completed.length > 0) this.#outputSequence = await this.#appender.append(completed);
    await this.#commit(folded.at(-1)!.position);
    this.options.observer?.batchLogged({
      frames: folded.length,
      events: folded.reduce((sum, frame) => sum + frame.input.events.length, 0),
      late: folded.reduce((sum, frame) => sum + frame.late, 0),
      sequencedAtMs: folded.at(-1)!.input.sequencedAtMs,
      emitted: fresh.flatMap((frame) => frame.emitted as LineEvent[]),
    });
  }

  #foldFrame(message: LogMessage): FoldedFrame<S> {
    const input = decodeFrame(message.bytes);
    const folded: FoldedFrame<S> = { input, position: message.sequence, outputs: [], emitted: [], late: 0 };
    const emit = (event: Emitted<S>): void => void folded.outputs.push({ emitted: folded.emitted.push(event) - 1 });
    let wakes = maximumWakesAFrame;
    for (const event of input.events) {
      if (event.type === 'clock.ticked') wakes = this.#wake(event.timeMs, wakes, emit);
      else if (event.timeMs < this.#tickedMs) folded.late++;
      const place = folded.outputs.length;
      if (this.#fold.onEvent(event, emit) === 'pass') folded.outputs.splice(place, 0, event);
    }
    return folded;
  }

  /** Wakes at most so many, and answers how many more may be woken in this frame; the rest keeps its order for the next tick. */
  #wake(timeMs: number, most: number, emit: (event: Emitted<S>) => void): number {
    this.#tickedMs = Math.max(this.#tickedMs, timeMs);
    for (let left = most; left > 0; left--) {
      const key = this.#timers.takeDue(timeMs);
      if (key === undefined) return left;
      this.#fold.onTimer?.(key, timeMs, emit);
    }
    return 0;
  }

  async #complete(frames: readonly FoldedFrame<S>[]): Promise<OutputFrame[]> {
    const waiting = frames.flatMap((frame) => frame.emitted);
    const called = this.options.flow.call && waiting.length > 0 ? await this.options.flow.call(waiting) : waiting;
    if (called.length !== waiting.length) throw new Error(`${this.options.flow.callName ?? 'call'} answered ${called.length} of ${waiting.length} events`);
    let next = 0;
    return frames.map((frame) => {
      const first = next;
      next += frame.emitted.length;
      for (let place = 0; place < frame.emitted.length; place++) frame.emitted[place] = called[first + place]!;
      const events = frame.outputs.map((output) => ('emitted' in output ? (called[first + output.emitted] as LineEvent) : output));
      const { position } = frame;
      return { from: position, to: position, bytes: encodeFrame({ partition: frame.input.partition, from: position, to: position, sequencedAtMs: frame.input.sequencedAtMs, events }) };
    });
  }

  async #commit(position: number): Promise<void> {
    // Still below the watermark, the log's last frame is not this input's: the pair of the last commit's output stays until it is.
    const output = position < this.#watermark ? this.options.store.position().output : this.#outputSequence;
    await this.options.store.commit({ position: { input: position, output }, values: this.#state.takeChanges(), timers: this.#timers.takeChanges() });
    this.#state.trim();
  }
}

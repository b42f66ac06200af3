import type { LineEvent, StageName } from '@sp/contracts';
import { FencedAppender } from './fenced-appender';
import type { Flow } from './flow';
import { decodeFrame, encodeFrame } from './frame';
import { FrameFold, type FoldedFrame } from './frame-fold';
import { KeyedState } from './keyed-state';
import type { InputLog, LogMessage, OutputFrame, OutputLog } from './log.port';
import type { RejectedEvent, StageObserver } from './stage-observer';
import type { StateCommit, StateStore } from './state-store.port';
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
  /** Events in one output frame; what an input frame makes beyond it goes on in further ones. */
  readonly maximumOutputEvents?: number;
}

/** Small frames share a commit by the hundred (docs/bench.md says what that gains); this ends a batch of large ones earlier. */
const maximumBatchBytes = 640_000;

/**
 * A decision with all its candidates has some five thousand bytes, and a frame at most 7.5 million. By count and not by size, so that
 * whoever goes on after a crash cuts alike.
 */
const maximumOutputEvents = 512;

/** What goes into one output frame. */
interface Part {
  readonly to: number;
  readonly events: readonly LineEvent[];
}

/** Frames that are committed together. */
interface Batch {
  from: number;
  to: number;
  frames: number;
  events: number;
  late: number;
  bytes: number;
  sequencedAtMs: number;
  readonly rejected: RejectedEvent[];
  readonly emitted: LineEvent[];
  /** Set with its first frame for the output log. */
  appended?: (events: number) => void;
}

/**
 * Runs one flow over one partition: reads the input log from the committed position, folds, appends one output frame for an input
 * frame through the fence, and commits state, input position and output sequence together after the frames are durable.
 * After a crash the output log's last frame says how far the outputs got: inputs up to there are folded again but not written again.
 *
 * Folding does not wait for the log: while frames are under way, the next ones are folded, and while one batch is written and committed
 * the next one is begun, never more than one ahead. What changed is taken out of the state at the end of its batch, before the next one changes it again.
 */
export class StageRunner<S extends StageName> {
  readonly #state: KeyedState;
  readonly #timers: Timers;
  readonly #fold: FrameFold<S>;
  readonly #appender: FencedAppender;
  /** Frames that are completed together: the whole batch where the flow has a call, so that a model is asked for many at once. */
  #group: FoldedFrame<S>[] = [];
  #batch = emptyBatch();
  #settling: Promise<void> = Promise.resolve();
  #watermark = 0;
  #outputSequence = 0;

  constructor(private readonly options: StageRunnerOptions<S>) {
    const { flow, store, partition, partitions, output, owner, pause, maximumHotKeys } = options;
    this.#state = new KeyedState(store, maximumHotKeys);
    this.#timers = new Timers(store.timers());
    this.#fold = new FrameFold(flow, partition, partitions, this.#state, this.#timers);
    this.#appender = new FencedAppender(output, { owner, pause });
  }

  /** Runs until the signal aborts. Throws on a bug of a fold, a fence taken by another owner, or a gap in the input. */
  async run(signal: AbortSignal): Promise<void> {
    const last = await this.#appender.open(this.options.store.position());
    this.#watermark = last.to;
    this.#outputSequence = last.sequence;
    const reading = new AbortController();
    const stop = (): void => reading.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      await this.#read(reading);
    } finally {
      signal.removeEventListener('abort', stop);
      // What could be finished is; what failed is thrown, whoever hears of it first.
      await this.#settling;
    }
  }

  async #read(reading: AbortController): Promise<void> {
    for await (const message of this.options.input.read(this.options.store.position().input + 1, reading.signal)) {
      const batch = this.#take(message);
      const isLast = message.pending === 0 || batch.frames >= (this.options.maximumBatchFrames ?? 128) || batch.bytes >= maximumBatchBytes || reading.signal.aborted;
      if (isLast || !this.options.flow.call) await this.#completeGroup();
      if (isLast) await this.#endBatch(reading);
      if (reading.signal.aborted) break;
    }
    if (this.#batch.frames === 0) return;
    await this.#completeGroup();
    await this.#endBatch(reading);
  }

  #take({ bytes, sequence }: LogMessage): Batch {
    const batch = this.#batch;
    const decoded = this.#began('decode');
    const input = decodeFrame(bytes);
    decoded(input.events.length);
    const ended = this.#began(this.options.flow.foldName);
    const folded = this.#fold.fold(input, sequence);
    ended(input.events.length);
    this.#group.push(folded);
    if (batch.frames++ === 0) batch.from = sequence;
    batch.to = sequence;
    batch.events += input.events.length;
    batch.late += folded.late;
    batch.bytes += bytes.byteLength;
    batch.sequencedAtMs = input.sequencedAtMs;
    for (const rejected of folded.rejected) batch.rejected.push(rejected);
    return batch;
  }

  /** Appends the frames that are folded and new to the log, as its window has room for them. */
  async #completeGroup(): Promise<void> {
    const fresh = this.#group.filter((frame) => frame.position > this.#watermark);
    this.#group = [];
    if (fresh.length === 0) return;
    await this.#call(fresh);
    for (const frame of fresh) {
      for (const event of frame.emitted) this.#batch.emitted.push(event as LineEvent);
      for (const part of this.#partsOf(frame)) {
        await this.#appender.room();
        const output = this.#encode(frame, part);
        this.#batch.appended ??= this.#began('append');
        this.#appender.add(output);
      }
    }
  }

  /** Begins to write the batch; waits only until the one before is committed. */
  async #endBatch(reading: AbortController): Promise<void> {
    const [batch, before] = [this.#batch, this.#settling];
    this.#batch = emptyBatch();
    const durable = this.#appender.durable();
    const [values, timers] = [this.#state.takeChanges(), this.#timers.takeChanges()];
    this.#settling = before.then(() => this.#settle(batch, durable, values, timers));
    this.#settling.catch(() => reading.abort());
    await before;
  }

  async #settle(batch: Batch, durable: Promise<number>, values: StateCommit['values'], timers: StateCommit['timers']): Promise<void> {
    const sequence = await durable;
    if (batch.appended) this.#outputSequence = sequence;
    batch.appended?.(batch.events);
    await this.#carryRejected(batch.rejected);
    const committed = this.#began('commit');
    await this.#commit(batch.to, values, timers);
    committed(batch.events);
    const { from, to, frames, events, late, sequencedAtMs, emitted } = batch;
    this.options.observer?.batchLogged({ partition: this.options.partition, from, to, frames, events, late, sequencedAtMs, emitted });
  }

  async #call(frames: readonly FoldedFrame<S>[]): Promise<void> {
    const { call, callName = 'call' } = this.options.flow;
    const waiting = frames.flatMap((frame) => frame.emitted);
    if (!call || waiting.length === 0) return;
    const answered = this.#began(callName);
    const called = await call(waiting);
    if (called.length !== waiting.length) throw new Error(`${callName} answered ${called.length} of ${waiting.length} events`);
    answered(called.length);
    let next = 0;
    for (const { emitted, outputs, places } of frames) {
      for (const [order, place] of places.entries()) outputs[place] = (emitted[order] = called[next++]!) as LineEvent;
    }
  }

  /** Almost always one. Parts before the last end between two input positions, so that the log's end says which of them are there already. */
  #partsOf({ position, outputs }: FoldedFrame<S>): Part[] {
    const most = this.options.maximumOutputEvents ?? maximumOutputEvents;
    const parts = Math.max(1, Math.ceil(outputs.length / most));
    const all = Array.from({ length: parts }, (_, part) => ({ to: position - (parts - 1 - part) / parts, events: parts === 1 ? outputs : outputs.slice(part * most, (part + 1) * most) }));
    return all.filter(({ to }) => to > this.#watermark);
  }

  #encode({ input: { partition, sequencedAtMs }, position }: FoldedFrame<S>, { to, events }: Part): OutputFrame {
    const encoded = this.#began('encode');
    const frame = { from: position, to, bytes: encodeFrame({ partition, from: position, to, sequencedAtMs, events }) };
    encoded(events.length);
    return frame;
  }

  async #carryRejected(rejected: readonly RejectedEvent[]): Promise<void> {
    if (rejected.length === 0) return;
    const { carryRejected, flow } = this.options;
    if (!carryRejected) throw new Error(`${flow.stage}/${flow.foldName} refuses ${rejected[0]!.event.id} (${rejected[0]!.reject.code}), and nobody takes it to the dead letters`);
    const carried = this.#began('reject');
    await carryRejected(rejected);
    carried(rejected.length);
  }

  async #commit(position: number, values: StateCommit['values'], timers: StateCommit['timers']): Promise<void> {
    // Still below the watermark, the log's last frame is not this input's: the pair of the last commit's output stays until it is.
    const output = position < this.#watermark ? this.options.store.position().output : this.#outputSequence;
    await this.options.store.commit({ position: { input: position, output }, values, timers });
    this.#state.trim();
  }

  #began(step: string): (events: number) => void {
    return this.options.observer?.stepBegan?.(step) ?? ignored;
  }
}

function emptyBatch(): Batch {
  return { from: 0, to: 0, frames: 0, events: 0, late: 0, bytes: 0, sequencedAtMs: 0, rejected: [], emitted: [] };
}

const ignored = (): void => undefined;

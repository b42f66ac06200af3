import type { AppendResult, Fence, InputLog, LastFrame, LogMessage, OutputFrame, OutputLog } from '../log.port';
import type { Random } from './random';
import type { Scheduler } from './scheduler';
import type { SimulatedProcess } from './simulated-process';
import { SimulatedGapError } from './violation';

export interface StoredFrame {
  readonly bytes: Uint8Array;
  readonly to: number;
  readonly id: string;
}

/** The server's side of one log, as JetStream behaves: a known id is answered as stored, then the fence is judged, then it is stored. */
export class SimulatedLog {
  /** All that was ever stored; what retention took is kept here for the judges alone. */
  readonly frames: StoredFrame[] = [];
  #firstKept = 1;
  #known = new Map<string, number>();
  #lastId = '';
  #waiting: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly onStored: (frame: StoredFrame) => void = () => undefined,
  ) {}

  get end(): number {
    return this.frames.length;
  }

  get firstKept(): number {
    return this.#firstKept;
  }

  last(): LastFrame | undefined {
    const last = this.frames.at(-1);
    if (!last) return undefined;
    return this.#firstKept > this.end ? { sequence: this.end, to: Number.NaN, id: '' } : { sequence: this.end, to: last.to, id: last.id };
  }

  apply(frame: OutputFrame, id: string, fence: Fence): AppendResult {
    const known = this.#known.get(id);
    if (known !== undefined) return { kind: 'stored', sequence: known };
    const holds = 'lastId' in fence ? this.#lastId !== '' && this.#lastId === fence.lastId : this.end === fence.lastSequence;
    if (!holds) return { kind: 'fenced' };
    this.push({ bytes: frame.bytes, to: frame.to, id });
    return { kind: 'stored', sequence: this.end };
  }

  push(frame: StoredFrame): void {
    this.frames.push(frame);
    this.#known.set(frame.id, this.end);
    this.#lastId = frame.id;
    this.onStored(frame);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** A server that starts again knows the last id only where its window still holds it. */
  forgetLastId(): void {
    this.#lastId = '';
  }

  /** The window in which ids are known has passed. */
  forgetIds(): void {
    this.#known = new Map();
  }

  /** Retention takes everything up to this sequence. */
  expire(upTo: number): number {
    const taken = Math.max(0, upTo + 1 - this.#firstKept);
    this.#firstKept += taken;
    return taken;
  }

  messagesFrom(from: number, most: number): LogMessage[] {
    if (from < this.#firstKept) throw new SimulatedGapError(`${this.name}: message ${from} is gone, the first one kept is ${this.#firstKept}`);
    return this.frames.slice(from - 1, from - 1 + most).map(({ bytes }, place) => ({ sequence: from + place, pending: this.end - from - place, bytes }));
  }

  whenMore(wake: () => void): void {
    this.#waiting.push(wake);
  }
}

/** The log as one process sees it over the network. */
export class LogOfProcess implements InputLog, OutputLog {
  constructor(
    private readonly log: SimulatedLog,
    private readonly process: SimulatedProcess,
    private readonly scheduler: Scheduler,
    private readonly random: Random,
  ) {}

  last(): Promise<LastFrame | undefined> {
    return this.process.ask('last', () => this.log.last(), { log: this.log.name });
  }

  append(frame: OutputFrame, id: string, fence: Fence): Promise<AppendResult> {
    const { log, process } = this;
    return new Promise((resolve) => {
      let heard = false;
      const answerAppend = (result: AppendResult): void => {
        if (!heard) process.answer(() => resolve(result));
        heard = true;
      };
      if (process.isAlive) this.scheduler.add({ kind: 'append', sender: process, log: log.name, run: () => answerAppend(log.apply(frame, id, fence)), answerAppend });
    });
  }

  async *read(from: number, signal: AbortSignal): AsyncIterable<LogMessage> {
    for (let next = from; !signal.aborted; ) {
      const messages = await this.#some(next, signal);
      next += messages.length;
      for (const message of messages) {
        yield message;
        if (signal.aborted) return;
      }
    }
  }

  #some(from: number, signal: AbortSignal): Promise<LogMessage[]> {
    const most = this.random.pick([1, 2, 3, 8]);
    return new Promise((resolve, reject) => {
      const deliver = (): void => {
        signal.removeEventListener('abort', deliver);
        try {
          resolve(signal.aborted ? [] : this.log.messagesFrom(from, most));
        } catch (error) {
          reject(error);
        }
      };
      const ask = (): void => {
        if (this.process.isAlive) this.scheduler.add({ kind: 'read', owner: this.process, log: this.log.name, run: deliver });
      };
      signal.addEventListener('abort', deliver);
      if (from <= this.log.end) ask();
      else this.log.whenMore(ask);
    });
  }
}

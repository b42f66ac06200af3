import { identityOf, type LineEvent } from '@sp/contracts';
import { createHash } from 'node:crypto';
import { FencedAppender } from './fenced-appender';
import { decodeFrame, encodeFrame } from './frame';
import { KeyedState } from './keyed-state';
import type { InputLog, OutputLog } from './log.port';
import { isSharedFact } from './shared-facts';
import type { StateStore } from './state-store.port';

/**
 * `conflict`: the identity is known with other content. `too-old`: from before what is remembered, so that a repetition could not be
 * told. `busy`: the bound of what waits is reached, try again later.
 */
export type Verdict = 'accepted' | 'duplicate' | 'conflict' | 'too-old' | 'busy';

export interface SequencerOptions {
  readonly partition: number;
  readonly output: OutputLog;
  /** The same log, to be read: what stands in it after the last commit is known again at the start. */
  readonly ownLog: InputLog;
  readonly store: StateStore;
  readonly owner: string;
  readonly pause: (attempt: number) => Promise<void>;
  /** The wall clock, for lag figures alone. */
  readonly nowMs: () => number;
  readonly maximumWaiting?: number;
  /** Values kept decoded in memory. */
  readonly maximumHotKeys?: number;
  /** Nothing can be appended any more: another writer owns the log, or the store fails. Every waiting event is answered with the error. */
  readonly onFailure?: (error: unknown) => void;
  /** Shared facts are few and stay true however old: their identities are kept for ever. */
  readonly remembersAll?: boolean;
}

interface Waiting {
  readonly event: LineEvent;
  readonly identity: string;
  readonly fingerprint: string;
  readonly mark: number | undefined;
  readonly answer: (verdict: Verdict) => void;
  readonly fail: (error: unknown) => void;
}

/** Keeps the wake of a timer's share below the frame's size on later stages. */
const maximumFrameEvents = 256;
/**
 * An identity is remembered for one to two of these spans of event time. An event from before them is refused: its identity may
 * have been forgotten, and a second delivery would count again. Shared facts are remembered for ever: their copies (they bear a mark) come
 * however late, and after a crash the log says which of them are there but not with which mark.
 */
const generationMs = 7 * 86_400_000;
/** Well above what a commit adds (a frame's 256), and a few milliseconds of work. */
const forgottenACommit = 2_000;

/**
 * Gives the events of one partition their place: the log that it writes is the order that every stage and every replay uses.
 * Known identities are answered as duplicates. What arrives while an append is under way goes into the next frame together, so that
 * frames grow with the load and nothing waits when idle. An answer is given when the frame is durable. A redelivery changes nothing;
 * events out of time keep the order of arrival. State after a crash is made whole from the log itself.
 */
export class Sequencer {
  readonly #state: KeyedState;
  readonly #appender: FencedAppender;
  readonly #pending = new Map<string, { readonly fingerprint: string; readonly durable: Promise<Verdict> }>();
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #failure: unknown;
  #to = 0;
  #outputSequence = 0;
  #newestMs = 0;

  constructor(private readonly options: SequencerOptions) {
    this.#state = new KeyedState(options.store, options.maximumHotKeys ?? 200_000);
    this.#appender = new FencedAppender(options.output, options);
  }

  async open(): Promise<void> {
    const last = await this.#appender.open(this.options.store.position());
    this.#to = last.to;
    this.#outputSequence = last.sequence;
    this.#newestMs = this.#state.get<number>('newest') ?? 0;
    await this.#remember(this.options.store.position().output + 1);
  }

  get lastSequence(): number {
    return this.#outputSequence;
  }

  /** Newest event time taken so far, 0 for none. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** The highest mark that came with an event and is committed with it, 0 for none. */
  get mark(): number {
    return this.#state.get<number>('mark') ?? 0;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the event is durable. `mark` is the place in another log that it was copied from, kept with the state. */
  offer(event: LineEvent, mark?: number): Promise<Verdict> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (mark !== undefined && mark <= this.mark) return Promise.resolve('duplicate');
    const identity = identityOf(event);
    const fingerprint = fingerprintOf(event);
    const known = this.#known(event, identity, fingerprint) ?? this.#pending.get(identity);
    if (typeof known === 'string') this.#raiseMark(mark);
    if (known !== undefined) return this.#answerKnown(known, fingerprint);
    if (mark === undefined && event.timeMs < (this.#generation() - 1) * generationMs) return Promise.resolve('too-old');
    if (mark === undefined && this.#waiting.length >= (this.options.maximumWaiting ?? 20_000)) return Promise.resolve('busy');
    const durable = new Promise<Verdict>((answer, fail) => this.#waiting.push({ event, identity, fingerprint, mark, answer, fail }));
    this.#pending.set(identity, { fingerprint, durable });
    this.#running ??= this.#drain();
    return durable;
  }

  /** Resolves when all that was offered has its answer. */
  async settle(): Promise<void> {
    await this.#running;
  }

  async #answerKnown(known: string | { fingerprint: string; durable: Promise<Verdict> }, fingerprint: string): Promise<Verdict> {
    if (typeof known === 'string') return known === fingerprint ? 'duplicate' : 'conflict';
    await known.durable;
    return known.fingerprint === fingerprint ? 'duplicate' : 'conflict';
  }

  async #drain(): Promise<void> {
    // One turn of the event loop lets the rest of the same request join the frame.
    await new Promise((resume) => setImmediate(resume));
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, maximumFrameEvents);
      try {
        await this.#append(taken);
        for (const { answer } of taken) answer('accepted');
      } catch (error) {
        this.#failure = error;
        this.options.onFailure?.(error);
        for (const { fail } of [...taken, ...this.#waiting]) fail(error);
        this.#waiting = [];
      }
      for (const { identity } of taken) this.#pending.delete(identity);
    }
    this.#running = undefined;
  }

  async #append(taken: readonly Waiting[]): Promise<void> {
    const to = this.#to + 1;
    const bytes = encodeFrame({ partition: this.options.partition, from: to, to, sequencedAtMs: this.options.nowMs(), events: taken.map(({ event }) => event) });
    this.#outputSequence = await this.#appender.append([{ from: to, to, bytes }]);
    this.#to = to;
    for (const { event, identity, fingerprint, mark } of taken) {
      this.#note(event, identity, fingerprint);
      this.#raiseMark(mark);
    }
    await this.#commit();
  }

  /** Also for a copy that is known already, or every start would read the other log from there again, and one day find it gone. */
  #raiseMark(mark: number | undefined): void {
    if (mark !== undefined && mark > this.mark) this.#state.put('mark', mark);
  }

  #note(event: LineEvent, identity: string, fingerprint: string): void {
    if (event.timeMs > this.#newestMs) this.#newestMs = event.timeMs;
    if (event.type === 'table.merged') this.#state.put(tableKey(event), event.data.version);
    else this.#state.put(isSharedFact(event) ? keyOf('always', identity) : keyOf(this.#generation(), identity), fingerprint);
  }

  #known(event: LineEvent, identity: string, fingerprint: string): string | undefined {
    // Versions only grow, so the newest one is memory enough: what is not newer is known, whoever merged it.
    if (event.type === 'table.merged') return event.data.version <= (this.#state.get<number>(tableKey(event)) ?? 0) ? fingerprint : undefined;
    const generation = this.#generation();
    for (const span of isSharedFact(event) ? ['always' as const] : [generation, generation - 1]) {
      const fingerprint = this.#state.get<string>(keyOf(span, identity));
      if (fingerprint !== undefined) return fingerprint;
    }
    return undefined;
  }

  #generation(): number {
    return this.options.remembersAll ? 0 : Math.floor(this.#newestMs / generationMs);
  }

  async #commit(): Promise<void> {
    this.#forgetOld();
    this.#state.put('newest', this.#newestMs);
    await this.options.store.commit({ position: { input: this.#to, output: this.#outputSequence }, values: this.#state.takeChanges(), timers: new Map() });
    this.#state.trim();
  }

  /** When a span of event time has passed, the identities of the span before the last are let go, so many at each commit: a busy week is millions. */
  #forgetOld(): void {
    const generation = this.#generation();
    let oldest = this.#state.get<number>('oldest-generation') ?? generation;
    for (let left = forgottenACommit; oldest < generation - 1 && left > 0; ) {
      for (const [key] of this.#state.entries(prefixOf(oldest))) {
        this.#state.delete(key);
        if (--left === 0) break;
      }
      if (left > 0) oldest++;
    }
    this.#state.put('oldest-generation', oldest);
  }

  /** Reads what the log holds beyond the last commit: a crash fell between the append and the commit. */
  async #remember(fromSequence: number): Promise<void> {
    if (fromSequence > this.#outputSequence) return;
    const reading = new AbortController();
    for await (const message of this.options.ownLog.read(fromSequence, reading.signal)) {
      for (const event of decodeFrame(message.bytes).events) this.#note(event, identityOf(event), fingerprintOf(event));
      if (message.sequence >= this.#outputSequence) break;
    }
    reading.abort();
    await this.#commit();
  }
}

function keyOf(generation: number | 'always', identity: string): string {
  return `${prefixOf(generation)}${createHash('md5').update(identity).digest('base64url')}`;
}

const prefixOf = (generation: number | 'always'): string => `seen:${generation}:`;
const tableKey = (event: LineEvent): string => `table:${event.subject}`;

/** 64 bits of what the event says, so that another content under a known identity is told. */
function fingerprintOf(event: LineEvent): string {
  if (event.type === 'table.merged') return String(event.data.version);
  return createHash('md5').update(`${event.type}\u001f${event.timeMs}\u001f${JSON.stringify(event.data)}`).digest('base64url').slice(0, 11);
}

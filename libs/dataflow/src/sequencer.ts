import { printWords, writePrints, type LineEvent } from '@sp/contracts';
import { FencedAppender } from './fenced-appender';
import { decodeFrame, encodeFrame } from './frame';
import { KeyedState } from './keyed-state';
import { KnownIdentities } from './known-identities';
import type { InputLog, OutputFrame, OutputLog } from './log.port';
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
  readonly prints: Uint32Array;
  /** Where its own begin. */
  readonly at: number;
  readonly mark: number | undefined;
}

/** Whoever waits for all that was offered up to a number to be durable. */
interface Waiter {
  readonly offered: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps the wake of a timer's share below the frame's size on later stages. */
const maximumFrameEvents = 256;
/** Appended together and committed once: the log is never idle while the store is written, and memory stays bounded. */
const framesATime = 8;
/**
 * An identity is remembered for one to two of these spans of event time. An event from before them is refused: its identity may
 * have been forgotten, and a second delivery would count again. Shared facts are remembered for ever: their copies (they bear a mark) come
 * however late, and after a crash the log says which of them are there but not with which mark.
 */
const generationMs = 7 * 86_400_000;

/**
 * Gives the events of one partition their place: the log that it writes is the order that every stage and every replay uses.
 * Known identities are answered as duplicates. What arrives while an append is under way goes into the next frame together, so that
 * frames grow with the load and nothing waits when idle. An answer is given when the frame is durable. A redelivery changes nothing;
 * events out of time keep the order of arrival. State after a crash is made whole from the log itself.
 */
export class Sequencer {
  readonly #state: KeyedState;
  readonly #known: KnownIdentities;
  readonly #appender: FencedAppender;
  #waiting: Waiting[] = [];
  #waiters: Waiter[] = [];
  #offered = 0;
  #durable = 0;
  #running: Promise<void> | undefined;
  #failure: unknown;
  #to = 0;
  #outputSequence = 0;
  #newestMs = 0;

  constructor(private readonly options: SequencerOptions) {
    this.#state = new KeyedState(options.store, options.maximumHotKeys ?? 200_000);
    this.#known = new KnownIdentities(options.store);
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
  async offer(event: LineEvent, mark?: number): Promise<Verdict> {
    return (await this.offerAll([event], printsOf([event]), mark))[0]!;
  }

  /** The same for many, which get their places at once and in their order: resolves when all that were taken, or are known as taken, are durable. */
  async offerAll(events: readonly LineEvent[], prints: Uint32Array, mark?: number): Promise<Verdict[]> {
    if (this.#failure !== undefined) throw this.#failure;
    const verdicts: Verdict[] = [];
    let isUnderWay = false;
    for (let index = 0; index < events.length; index++) {
      const [verdict, waits] = this.#verdictOn({ event: events[index]!, prints, at: index * printWords, mark });
      verdicts.push(verdict);
      isUnderWay ||= waits;
    }
    if (isUnderWay) await this.#untilDurable();
    return verdicts;
  }

  /** Resolves when all that was offered has its answer. */
  async settle(): Promise<void> {
    await this.#running;
  }

  /** Takes its place if it is new; and whether the answer is to wait for the log. */
  #verdictOn(offered: Waiting): readonly [Verdict, boolean] {
    const { event, prints, at, mark } = offered;
    if (mark !== undefined && mark <= this.mark) return ['duplicate', false];
    // Versions only grow, so the newest one is memory enough: what is not newer is known, whoever merged it.
    const isOldVersion = event.type === 'table.merged' && event.data.version <= (this.#state.get<number>(tableKey(event)) ?? 0);
    const known = isOldVersion ? 'same' : this.#known.find(event, this.#generation(), prints, at);
    if (known === 'same' || known === 'other') this.#raiseMark(mark);
    if (known !== 'unknown') return [known.startsWith('same') ? 'duplicate' : 'conflict', known.endsWith('under-way')];
    if (mark === undefined && event.timeMs < (this.#generation() - 1) * generationMs) return ['too-old', false];
    if (mark === undefined && this.#waiting.length >= (this.options.maximumWaiting ?? 20_000)) return ['busy', false];
    this.#waiting.push(offered);
    this.#offered++;
    this.#known.begin(prints, at);
    this.#running ??= this.#drain();
    return ['accepted', true];
  }

  async #untilDurable(): Promise<void> {
    if (this.#durable === this.#offered) return;
    await new Promise<void>((resolve, reject) => this.#waiters.push({ offered: this.#offered, resolve, reject }));
  }

  async #drain(): Promise<void> {
    // One turn of the event loop lets the rest of the same request join the frame.
    await new Promise((resume) => setImmediate(resume));
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, framesATime * maximumFrameEvents);
      try {
        await this.#append(taken);
        this.#durable += taken.length;
        this.#answer();
      } catch (error) {
        this.#failure = error;
        this.options.onFailure?.(error);
        this.#waiting = [];
        for (const { reject } of this.#waiters.splice(0)) reject(error);
      }
    }
    this.#running = undefined;
  }

  #answer(): void {
    const still = this.#waiters.findIndex(({ offered }) => offered > this.#durable);
    for (const { resolve } of this.#waiters.splice(0, still < 0 ? this.#waiters.length : still)) resolve();
  }

  async #append(taken: readonly Waiting[]): Promise<void> {
    const frames: OutputFrame[] = [];
    for (let first = 0; first < taken.length; first += maximumFrameEvents) frames.push(this.#frameOf(taken.slice(first, first + maximumFrameEvents), this.#to + frames.length + 1));
    this.#outputSequence = await this.#appender.append(frames);
    this.#to += frames.length;
    for (const { event, prints, at, mark } of taken) {
      this.#note(event, prints, at);
      this.#raiseMark(mark);
    }
    await this.#commit();
    this.#known.keepUnderWay(this.#waiting);
  }

  #frameOf(taken: readonly Waiting[], to: number): OutputFrame {
    const bytes = encodeFrame({ partition: this.options.partition, from: to, to, sequencedAtMs: this.options.nowMs(), events: taken.map(({ event }) => event) });
    return { from: to, to, bytes };
  }

  /** Also for a copy that is known already, or every start would read the other log from there again, and one day find it gone. */
  #raiseMark(mark: number | undefined): void {
    if (mark !== undefined && mark > this.mark) this.#state.put('mark', mark);
  }

  #note(event: LineEvent, prints: Uint32Array, at: number): void {
    if (event.timeMs > this.#newestMs) this.#newestMs = event.timeMs;
    if (event.type === 'table.merged') this.#state.put(tableKey(event), event.data.version);
    else this.#known.settle(event, this.#generation(), prints, at);
  }

  #generation(): number {
    return this.options.remembersAll ? 0 : Math.floor(this.#newestMs / generationMs);
  }

  async #commit(): Promise<void> {
    const generation = this.#generation();
    const identities = new Map<string, Uint8Array | undefined>();
    // A busy week is millions, so old spans go in pieces.
    const oldest = this.#known.takeChanges(String(this.#to).padStart(12, '0'), generation, this.#state.get<number>('oldest-generation') ?? generation, identities);
    this.#state.put('oldest-generation', oldest);
    this.#state.put('newest', this.#newestMs);
    await this.options.store.commit({ position: { input: this.#to, output: this.#outputSequence }, values: new Map([...this.#state.takeChanges(), ...identities]), timers: new Map() });
    this.#state.trim();
  }

  /** Reads what the log holds beyond the last commit: a crash fell between the append and the commit. */
  async #remember(fromSequence: number): Promise<void> {
    if (fromSequence > this.#outputSequence) return;
    const reading = new AbortController();
    for await (const message of this.options.ownLog.read(fromSequence, reading.signal)) {
      for (const event of decodeFrame(message.bytes).events) this.#note(event, printsOf([event]), 0);
      if (message.sequence >= this.#outputSequence) break;
    }
    reading.abort();
    await this.#commit();
  }
}

const tableKey = (event: LineEvent): string => `table:${event.subject}`;

/** The prints of events, one after another. */
export function printsOf(events: readonly LineEvent[]): Uint32Array {
  const prints = new Uint32Array(events.length * printWords);
  for (let index = 0; index < events.length; index++) writePrints(events[index]!, prints, index * printWords);
  return prints;
}

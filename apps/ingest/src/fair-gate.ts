import { LineBusyError } from './offered-batch';

export interface FairGateOptions {
  /** Events on their way to the log, of all sources together. */
  readonly mostEventsUnderWay: number;
  /** Batches of one source that wait for their turn … */
  readonly mostWaitingOfOne: number;
  /** … and of all. */
  readonly mostWaiting: number;
  /** No batch waits longer for its turn; and when none has come through for so long, none is let in. */
  readonly longestMs: number;
  readonly nowMs: () => number;
}

export const usualGate: FairGateOptions = { mostEventsUnderWay: 8_192, mostWaitingOfOne: 128, mostWaiting: 512, longestMs: 10_000, nowMs: Date.now };

/** This one source has too much waiting; the others go on. */
export class SourceBusyError extends Error {
  override readonly name = 'SourceBusyError';
}

interface Waiting {
  readonly events: number;
  readonly enter: () => void;
}

/**
 * Lets batches into the line in turn by their source: one that floods waits behind itself, and nobody else behind it. What waits is bounded,
 * for each source and in all; beyond that the sender is asked to come again.
 */
export class FairGate {
  /** In the order of their turns. */
  readonly #waiting = new Map<string, Waiting[]>();
  #waitingCount = 0;
  #eventsUnderWay = 0;
  #lastProgressMs = 0;

  constructor(private readonly options: FairGateOptions = usualGate) {}

  /** Resolves when it is the batch's turn, with what is to be called when it has its answer. Throws SourceBusyError or LineBusyError. */
  async enter(source: string, events: number): Promise<() => void> {
    if (this.#isStalled()) throw new LineBusyError('nothing comes through to the log');
    if (this.#eventsUnderWay >= this.options.mostEventsUnderWay) await this.#turn(source, events);
    else this.#let(events);
    let isIn = true;
    return () => {
      if (isIn) this.#leave(events);
      isIn = false;
    };
  }

  #isStalled(): boolean {
    return this.#eventsUnderWay > 0 && this.options.nowMs() - this.#lastProgressMs > this.options.longestMs;
  }

  #let(events: number): void {
    if (this.#eventsUnderWay === 0) this.#lastProgressMs = this.options.nowMs();
    this.#eventsUnderWay += events;
  }

  async #turn(source: string, events: number): Promise<void> {
    const own = this.#waiting.get(source) ?? [];
    if (own.length >= this.options.mostWaitingOfOne) throw new SourceBusyError(`${own.length} batches of this source wait already`);
    if (this.#waitingCount >= this.options.mostWaiting) throw new LineBusyError('too much waits already');
    if (own.length === 0) this.#waiting.set(source, own);
    this.#waitingCount++;
    await new Promise<void>((resume, refuse) => {
      const waiting = { events, enter: () => (clearTimeout(timer), resume()) };
      const timer = setTimeout(() => refuse(this.#tooLong(source, own, waiting)), this.options.longestMs);
      own.push(waiting);
    });
  }

  #tooLong(source: string, own: Waiting[], waiting: Waiting): LineBusyError {
    own.splice(own.indexOf(waiting), 1);
    if (own.length === 0) this.#waiting.delete(source);
    this.#waitingCount--;
    return new LineBusyError('its turn did not come in time');
  }

  #leave(events: number): void {
    this.#eventsUnderWay -= events;
    this.#lastProgressMs = this.options.nowMs();
    while (this.#waitingCount > 0 && this.#eventsUnderWay < this.options.mostEventsUnderWay) this.#next();
  }

  /** The source whose turn it is lets in one batch and goes to the end of the row. */
  #next(): void {
    const [source, own] = this.#waiting.entries().next().value!;
    this.#waiting.delete(source);
    const { events, enter } = own.shift()!;
    if (own.length > 0) this.#waiting.set(source, own);
    this.#waitingCount--;
    this.#let(events);
    enter();
  }
}

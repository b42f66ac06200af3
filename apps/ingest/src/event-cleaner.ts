import { factPrint, type EventCorrection, type LineEvent } from '@sp/contracts';
import { Cleaner, emptyCleanerState, normalise, RecentContents, type CleanerState, type CleaningPolicy } from '@sp/cleaning';
import { KeyedState } from '@sp/dataflow';
import type { LmdbStateStore } from '@sp/lmdb';
import { metrics } from '@sp/platform';

const storeEveryMs = 5_000;
/**
 * Events whose content names one fact: the transaction, the offer's answer, the place at a moment. Two equal clicks of one millisecond may well
 * be two.
 */
const toldOnce = new Set<string>(['transaction.authorised', 'offer.responded', 'client.located']);

/**
 * Cleaning with what it remembers. What was done to an event goes into the log with it, so nothing here needs to be exact after a crash: the
 * statistics of the last seconds are learned anew by the next events, and rates are stored at once.
 */
export class EventCleaner {
  readonly #state: KeyedState;
  readonly #cleaner: Cleaner;
  readonly #contents = new RecentContents();
  readonly #storing: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #isChanged = false;

  constructor(
    private readonly store: LmdbStateStore,
    private readonly policy: CleaningPolicy,
  ) {
    this.#state = new KeyedState(store);
    this.#cleaner = new Cleaner(policy, this.#state.get<CleanerState>('cleaner') ?? emptyCleanerState());
    this.#storing = setInterval(() => void this.#save(), storeEveryMs);
  }

  /** An item as the contracts ask for it. */
  normalise(value: unknown): ReturnType<typeof normalise> {
    return normalise(value, this.policy);
  }

  /** The event with what was corrected of it, here and before. */
  clean<E extends LineEvent>(event: E, before: readonly EventCorrection[]): E {
    const cleaning = this.#cleaner.clean(event);
    if (!cleaning && before.length === 0) return event;
    return { ...event, cleaning: { ...cleaning, corrections: [...before, ...(cleaning?.corrections ?? [])] } };
  }

  /** The very same fact under another id; if not, it is remembered as said. `prints` are the event's, from `at` on. */
  isToldAgain(event: LineEvent, prints: Uint32Array, at: number): boolean {
    // What an operator sends again out of the dead letters is meant.
    if (!toldOnce.has(event.type) || event.id.startsWith('replay:')) return false;
    if (!this.#contents.isToldAgain(factPrint(event, prints, at), nameOf(prints, at), event.timeMs)) return false;
    metrics.corrections.inc({ rule: 'same-content' });
    return true;
  }

  /** It was not taken after all. */
  forget(event: LineEvent, prints: Uint32Array, at: number): void {
    if (toldOnce.has(event.type)) this.#contents.forget(factPrint(event, prints, at), nameOf(prints, at));
  }

  /** It is new and in the line. */
  learn(event: LineEvent): void {
    this.#cleaner.learn(event);
    if (event.cleaning) for (const { rule } of event.cleaning.corrections) metrics.corrections.inc({ rule });
    this.#isChanged = true;
    if (event.type === 'rate.published') void this.#save();
  }

  async close(): Promise<void> {
    clearInterval(this.#storing);
    await this.#save();
    await this.store.close();
  }

  #save(): Promise<void> {
    if (!this.#isChanged) return this.#writing;
    this.#isChanged = false;
    this.#state.put('cleaner', this.#cleaner.state);
    const values = this.#state.takeChanges();
    this.#writing = this.#writing.then(() => this.store.commit({ position: { input: 0, output: 0 }, values, timers: new Map() })).catch(() => undefined);
    return this.#writing;
  }
}

/** 53 bits of its identity. */
function nameOf(prints: Uint32Array, at: number): number {
  return prints[at]! * 2 ** 21 + (prints[at + 1]! >>> 11);
}

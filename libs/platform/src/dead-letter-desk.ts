import { DeadLetterBook, eventToReplay, maskCardNumbers, sameCorrections, type Correction, type DeadLetterDetail, type DeadLetterDropped, type DeadLetterFilter, type DeadLetterReason, type DeadLetterReplayed, type DeadLetterSummary } from '@sp/contracts';
import { DeadLetterLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { postEvent } from './post-event';
import { pauseBeforeRetry } from './keep-trying';

/** What came of a replay; `isMarked` is false where the event was taken but the stream of letters could not take the note of it. */
export type ReplayOutcome =
  | { readonly kind: 'accepted' | 'duplicate'; readonly isMarked: boolean }
  | { readonly kind: 'rejected'; readonly reason: string; readonly field: string; readonly message: string }
  | { readonly kind: 'not-replayable' | 'door-away' | 'not-found'; readonly message: string };

export type DropOutcome = { readonly kind: 'dropped' | 'not-found' | 'already-replayed' | 'already-dropped' | 'not-kept'; readonly message: string };

export interface DeadLetterDeskOptions {
  readonly connection: NatsConnection;
  /** The public door that replayed events go through. */
  readonly ingestUrl: string;
  readonly maximumLetters: number;
}

/** Dead letters as an operator needs them, straight from their stream: list, show, replay, drop. ClickHouse is not asked. */
export class DeadLetterDesk {
  readonly #log: DeadLetterLog;
  readonly #book: DeadLetterBook;
  readonly #ending = new AbortController();
  #next = 1;

  constructor(private readonly options: DeadLetterDeskOptions) {
    this.#log = new DeadLetterLog(options.connection);
    this.#book = new DeadLetterBook(options.maximumLetters);
  }

  /** Reads all there is now. */
  async load(): Promise<void> {
    await this.#read(false);
  }

  /** Goes on reading until closed, whatever happens to the connection. */
  async follow(): Promise<void> {
    for (let attempt = 1; !this.#ending.signal.aborted; attempt++) {
      await this.#read(true).catch(() => undefined);
      if (!this.#ending.signal.aborted) await pauseBeforeRetry(attempt);
    }
  }

  close(): void {
    this.#ending.abort();
  }

  get forgotten(): number {
    return this.#book.forgotten;
  }

  list(filter: DeadLetterFilter): DeadLetterSummary[] {
    return this.#book.list(filter);
  }

  reasons(): DeadLetterReason[] {
    return this.#book.reasons();
  }

  async detail(id: string): Promise<DeadLetterDetail | undefined> {
    const held = this.#book.find(id);
    const letter = held && (await this.#log.letter(held.place));
    if (!held || !letter) return undefined;
    const replay = eventToReplay(letter, []);
    return { ...held.summary, payload: letter.payload, ...(replay.ok ? {} : { notReplayable: replay.why }) };
  }

  /**
   * Sends the event through the public door again. A letter that was replayed is sent with the corrections of that time, so that the
   * door knows it: whoever asks, and how often, the event has one effect.
   */
  async replay(id: string, { corrections, by }: { readonly corrections: readonly Correction[]; readonly by: string }): Promise<ReplayOutcome> {
    const held = this.#book.find(id);
    const letter = held && (await this.#log.letter(held.place));
    if (!held || !letter) return { kind: 'not-found', message: `no dead letter "${id}" is kept` };
    const { state } = held.summary;
    if (state.kind === 'replayed' && corrections.length > 0 && !sameCorrections(corrections, state.corrections)) {
      return { kind: 'not-replayable', message: `it was replayed by ${state.by} with other corrections; an event never changes once it is taken` };
    }
    const written = state.kind === 'replayed' ? state.corrections : corrections;
    const replay = eventToReplay(letter, written);
    if (!replay.ok) return { kind: 'not-replayable', message: replay.why };
    const answer = await postEvent(this.options.ingestUrl, replay.event);
    if (answer.kind !== 'taken') return answer;
    const { verdict } = answer;
    const isMarked = state.kind === 'replayed' || (await this.#mark({ kind: 'replayed', id, verdict, corrections: [...written], by, timeMs: Date.now() }));
    return { kind: verdict, isMarked };
  }

  /** Nothing is deleted: the letter stays, with who let it go and why. */
  async drop(id: string, { by, why }: { readonly by: string; readonly why: string }): Promise<DropOutcome> {
    const held = this.#book.find(id);
    if (!held) return { kind: 'not-found', message: `no dead letter "${id}" is kept` };
    const { state } = held.summary;
    if (state.kind === 'replayed') return { kind: 'already-replayed', message: `it was replayed by ${state.by}; the line has it` };
    if (state.kind === 'dropped') return { kind: 'already-dropped', message: `it was dropped by ${state.by}: ${state.why}` };
    const isMarked = await this.#mark({ kind: 'dropped', id, why: maskCardNumbers(why), by, timeMs: Date.now() });
    return isMarked ? { kind: 'dropped', message: 'dropped' } : { kind: 'not-kept', message: 'the stream of dead letters takes nothing just now, so it is still open' };
  }

  async #mark(entry: DeadLetterReplayed | DeadLetterDropped): Promise<boolean> {
    try {
      await this.#log.append(entry);
    } catch {
      return false;
    }
    this.#book.fold(entry, { sequence: 0, item: 0 });
    return true;
  }

  async #read(follow: boolean): Promise<void> {
    for await (const { sequence, entries } of this.#log.read(this.#next, { follow, signal: this.#ending.signal })) {
      for (const [item, entry] of entries.entries()) if (entry) this.#book.fold(entry, { sequence, item });
      this.#next = sequence + 1;
    }
  }
}

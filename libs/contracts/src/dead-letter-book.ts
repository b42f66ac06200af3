import type { DeadLetter, DeadLetterDropped, DeadLetterEntry, DeadLetterReplayed } from './dead-letter';

export type DeadLetterState = { readonly kind: 'open' } | Omit<DeadLetterReplayed, 'id'> | Omit<DeadLetterDropped, 'id'>;

/** All of a letter but its payload, over all its refusals. */
export interface DeadLetterSummary extends Omit<DeadLetter, 'kind' | 'payload'> {
  /** How often it was refused; by NATS once, by HTTP as often as it was tried. */
  readonly attempts: number;
  /** Of the first refusal; `timeMs` is of the newest. */
  readonly firstMs: number;
  readonly state: DeadLetterState;
}

/** One letter whole, and whether it can be sent again. */
export interface DeadLetterDetail extends DeadLetterSummary {
  readonly payload: string;
  /** Why it cannot be replayed as it was kept; absent where it can. */
  readonly notReplayable?: string;
}

export interface DeadLetterReason {
  readonly reason: string;
  readonly open: number;
  readonly replayed: number;
  readonly dropped: number;
}

/** Where the newest refusal of a letter stands on the stream. */
export interface DeadLetterPlace {
  readonly sequence: number;
  readonly item: number;
}

export interface DeadLetterFilter {
  readonly reason?: string;
  readonly state?: DeadLetterState['kind'];
  readonly sinceMs?: number;
  readonly limit: number;
}

interface Held {
  readonly summary: Omit<DeadLetterSummary, 'state'>;
  readonly place: DeadLetterPlace;
}

/**
 * What is known of all dead letters, folded from the entries of their stream. Redelivered entries change nothing, and what became of a
 * letter does not depend on the order in which it is read: what was taken by the line stays taken, whatever is said of it later.
 */
export class DeadLetterBook {
  readonly #letters = new Map<string, Held>();
  readonly #states = new Map<string, Omit<DeadLetterReplayed, 'id'> | Omit<DeadLetterDropped, 'id'>>();
  #forgotten = 0;

  /** Beyond the bound the letters that were longest not refused are forgotten; the stream still has them. */
  constructor(private readonly maximumLetters: number) {}

  get forgotten(): number {
    return this.#forgotten;
  }

  fold(entry: DeadLetterEntry, place: DeadLetterPlace): void {
    if (entry.kind === 'refused') this.#refused(entry, place);
    else this.#became(entry);
  }

  find(id: string): { readonly summary: DeadLetterSummary; readonly place: DeadLetterPlace } | undefined {
    const held = this.#letters.get(id);
    return held && { summary: this.#summary(held), place: held.place };
  }

  /** The newest first. */
  list({ reason, state, sinceMs = 0, limit }: DeadLetterFilter): DeadLetterSummary[] {
    const found: DeadLetterSummary[] = [];
    for (const held of [...this.#letters.values()].reverse()) {
      if (found.length >= limit) break;
      if (held.summary.timeMs < sinceMs || (reason !== undefined && held.summary.reason !== reason)) continue;
      const summary = this.#summary(held);
      if (state === undefined || summary.state.kind === state) found.push(summary);
    }
    return found;
  }

  /** The reason with the most open letters first. */
  reasons(): DeadLetterReason[] {
    const counts = new Map<string, { open: number; replayed: number; dropped: number }>();
    for (const { summary } of this.#letters.values()) {
      const count = counts.get(summary.reason) ?? { open: 0, replayed: 0, dropped: 0 };
      count[this.#states.get(summary.id)?.kind ?? 'open']++;
      counts.set(summary.reason, count);
    }
    return [...counts].map(([reason, count]) => ({ reason, ...count })).sort((a, b) => b.open - a.open || (a.reason < b.reason ? -1 : 1));
  }

  #refused({ kind: _kind, payload: _payload, ...letter }: DeadLetter, place: DeadLetterPlace): void {
    const known = this.#letters.get(letter.id);
    if (known?.summary.position === letter.position) return;
    this.#letters.delete(letter.id);
    this.#letters.set(letter.id, { summary: { ...letter, attempts: (known?.summary.attempts ?? 0) + 1, firstMs: known?.summary.firstMs ?? letter.timeMs }, place });
    if (this.#letters.size > this.maximumLetters) this.#forgetOldest();
  }

  #became({ id, ...state }: DeadLetterReplayed | DeadLetterDropped): void {
    const known = this.#states.get(id);
    if (!known || (known.kind === 'dropped' && state.kind === 'replayed')) this.#states.set(id, state);
  }

  #forgetOldest(): void {
    const [id] = this.#letters.keys();
    this.#letters.delete(id!);
    this.#states.delete(id!);
    this.#forgotten++;
  }

  #summary({ summary }: Held): DeadLetterSummary {
    return { ...summary, state: this.#states.get(summary.id) ?? { kind: 'open' } };
  }
}

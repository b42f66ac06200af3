import type { LineEvent } from '@sp/contracts';
import { IdentityIndex } from './identity-index';
import { IdentityTable } from './identity-table';
import { isSharedFact } from './shared-facts';
import type { StateStore } from './state-store.port';

type Span = number | 'always';

/** Values of the store let go in one commit: a few milliseconds of work. */
const forgottenACommit = 16;
/** What is under way may stand twice in its table for a while; then it is made anew. */
const mostUnderWay = 65_536;

/**
 * Which events are known: those on their way to the log, those of this span of event time and of the one before; shared facts for ever.
 * What is on its way counts as known at once, and is written down when it is in the log.
 */
export class KnownIdentities {
  readonly #underWay = new IdentityTable();
  readonly #spans = new Map<Span, IdentityIndex>();

  constructor(private readonly store: StateStore) {}

  /** `underWay`: known, but not durable yet. */
  find(event: LineEvent, span: number, prints: Uint32Array, at: number): 'unknown' | 'same' | 'other' | 'same-under-way' | 'other-under-way' {
    const onItsWay = this.#underWay.find(prints, at);
    if (onItsWay >= 0) return onItsWay === 1 ? 'same-under-way' : 'other-under-way';
    let found = -1;
    if (isSharedFact(event)) found = this.#indexOf('always').find(prints, at);
    else for (let back = 0; found < 0 && back <= 1; back++) found = this.#indexOf(span - back).find(prints, at);
    return found < 0 ? 'unknown' : found === 1 ? 'same' : 'other';
  }

  begin(prints: Uint32Array, at: number): void {
    this.#underWay.add(prints, at);
  }

  /** It is in the log. */
  settle(event: LineEvent, span: number, prints: Uint32Array, at: number): void {
    this.#indexOf(isSharedFact(event) ? 'always' : span).add(prints, at);
  }

  /** After a commit: only these are still on their way. */
  keepUnderWay(waiting: readonly { readonly prints: Uint32Array; readonly at: number }[]): void {
    if (waiting.length > 0 && this.#underWay.count < mostUnderWay) return;
    if (this.#underWay.count > 0) this.#underWay.clear();
    for (const { prints, at } of waiting) this.#underWay.add(prints, at);
  }

  /** What a commit is to write: what was settled since the last one, and away with spans before the last. Answers the oldest span that is left. */
  takeChanges(name: string, span: number, oldest: number, into: Map<string, Uint8Array | undefined>): number {
    for (const [key, index] of this.#spans) {
      if (key === 'always' || key >= span - 1) index.takeChanges(name, into);
      else this.#spans.delete(key);
    }
    let left = forgottenACommit;
    for (; oldest < span - 1 && left > 0; oldest++) {
      for (const [key] of this.store.entries(prefixOf(oldest))) {
        if (--left < 0) return oldest;
        into.set(key, undefined);
      }
    }
    return oldest;
  }

  #indexOf(span: Span): IdentityIndex {
    let index = this.#spans.get(span);
    if (!index) this.#spans.set(span, (index = new IdentityIndex(this.store, prefixOf(span))));
    return index;
  }
}

const prefixOf = (span: Span): string => `ids:${span}:`;

/** In event time; a source that repeats itself does so at once. */
const windowMs = 600_000;
/** Bounds the memory, at about 60 bytes each. */
const mostFacts = 100_000;

/**
 * What was said in the last minutes, whoever said it under which id. Facts and names are prints (numbers below 2^53): two facts of 100,000 share one by
 * chance once in 10^6 windows. In memory alone: after a restart the window begins empty, and identities go on being known.
 */
export class RecentContents {
  /** Where a fact stands in the ring. */
  readonly #known = new Map<number, number>();
  readonly #facts = new Float64Array(mostFacts);
  readonly #names = new Float64Array(mostFacts);
  readonly #timesMs = new Float64Array(mostFacts);
  #next = 0;
  #newestMs = 0;

  /** True if this very fact is known under another name; else it is noted. */
  isToldAgain(fact: number, name: number, timeMs: number): boolean {
    const place = this.#known.get(fact);
    if (place !== undefined && this.#names[place] !== name && this.#timesMs[place]! >= this.#newestMs - windowMs) return true;
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    if (place === undefined) this.#note(fact, name, timeMs);
    return false;
  }

  /** It did not come into the line. */
  forget(fact: number, name: number): void {
    const place = this.#known.get(fact);
    if (place !== undefined && this.#names[place] === name) this.#known.delete(fact);
  }

  /** In the place of the oldest by arrival. */
  #note(fact: number, name: number, timeMs: number): void {
    const place = this.#next;
    this.#next = (place + 1) % mostFacts;
    if (this.#known.get(this.#facts[place]!) === place) this.#known.delete(this.#facts[place]!);
    this.#known.set(fact, place);
    this.#facts[place] = fact;
    this.#names[place] = name;
    this.#timesMs[place] = timeMs;
  }
}

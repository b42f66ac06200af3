/** A key's timer, and the earliest of its entries in the heap; without a time it is switched off and its entry not met yet. */
interface Timer {
  atMs: number | undefined;
  queuedMs: number;
}

/**
 * One timer a key, in event time. `takeDue` answers in (time, key) order, so that every replay wakes alike.
 * A binary heap that follows late: most timers are moved to a later time again and again, so an entry stays where it is and is put
 * back by its key's current time when it is met. An entry counts only while it is its key's earliest.
 */
export class Timers {
  readonly #byKey = new Map<string, Timer>();
  readonly #heap: { readonly key: string; readonly atMs: number }[] = [];
  #changes = new Map<string, number | undefined>();

  constructor(stored: Iterable<readonly [string, number]> = []) {
    for (const [key, atMs] of stored) this.#begin(key, atMs);
  }

  set(key: string, atMs: number | undefined): void {
    const timer = this.#byKey.get(key);
    if (timer?.atMs === atMs) return;
    this.#changes.set(key, atMs);
    if (!timer) return this.#begin(key, atMs!);
    timer.atMs = atMs;
    if (atMs === undefined || atMs >= timer.queuedMs) return;
    timer.queuedMs = atMs;
    this.#push({ key, atMs });
  }

  /** The first due key, removed; undefined where none is due at `nowMs`. */
  takeDue(nowMs: number): string | undefined {
    for (let first = this.#heap[0]; first && first.atMs <= nowMs; first = this.#heap[0]) {
      this.#pop();
      const timer = this.#byKey.get(first.key);
      if (timer?.queuedMs !== first.atMs) continue;
      this.#byKey.delete(first.key);
      if (timer.atMs === undefined) continue;
      if (timer.atMs > first.atMs) {
        this.#begin(first.key, timer.atMs);
        continue;
      }
      this.#changes.set(first.key, undefined);
      return first.key;
    }
    return undefined;
  }

  #begin(key: string, atMs: number): void {
    this.#byKey.set(key, { atMs, queuedMs: atMs });
    this.#push({ key, atMs });
  }

  takeChanges(): Map<string, number | undefined> {
    const changes = this.#changes;
    this.#changes = new Map();
    return changes;
  }

  #push(entry: { key: string; atMs: number }): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }
}

function isBefore(a: { key: string; atMs: number }, b: { key: string; atMs: number }): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.key < b.key);
}

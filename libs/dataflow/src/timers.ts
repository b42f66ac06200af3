/**
 * One timer a key, in event time. `takeDue` answers in (time, key) order, so that every replay wakes alike.
 * A binary heap with lazy deletion: an entry counts only while it equals the key's current time.
 */
export class Timers {
  readonly #atByKey = new Map<string, number>();
  readonly #heap: { readonly key: string; readonly atMs: number }[] = [];
  #changes = new Map<string, number | undefined>();

  constructor(stored: Iterable<readonly [string, number]> = []) {
    for (const [key, atMs] of stored) {
      this.#atByKey.set(key, atMs);
      this.#push({ key, atMs });
    }
  }

  set(key: string, atMs: number | undefined): void {
    if (this.#atByKey.get(key) === atMs) return;
    this.#changes.set(key, atMs);
    if (atMs === undefined) {
      this.#atByKey.delete(key);
      return;
    }
    this.#atByKey.set(key, atMs);
    this.#push({ key, atMs });
  }

  /** The first due key, removed; undefined where none is due at `nowMs`. */
  takeDue(nowMs: number): string | undefined {
    for (let first = this.#heap[0]; first && first.atMs <= nowMs; first = this.#heap[0]) {
      this.#pop();
      if (this.#atByKey.get(first.key) !== first.atMs) continue;
      this.#atByKey.delete(first.key);
      this.#changes.set(first.key, undefined);
      return first.key;
    }
    return undefined;
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

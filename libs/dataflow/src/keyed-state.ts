import { Packr } from 'msgpackr';
import type { StateStore } from './state-store.port';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });

/**
 * The state of a fold by key: hot values decoded in memory up to a bound, dirty ones kept until a commit has taken them.
 * A value handed out may be changed in place, if it is `put` again.
 */
export class KeyedState {
  readonly #hot = new Map<string, unknown>();
  readonly #dirty = new Set<string>();

  constructor(
    private readonly store: StateStore,
    private readonly maximumHotKeys = 100_000,
  ) {}

  get<T>(key: string): T | undefined {
    if (this.#hot.has(key)) return this.#hot.get(key) as T | undefined;
    const bytes = this.store.get(key);
    if (bytes === undefined) return undefined;
    const value = packr.unpack(bytes) as T;
    this.#hot.set(key, value);
    return value;
  }

  put(key: string, value: unknown): void {
    this.#hot.delete(key);
    this.#hot.set(key, value);
    this.#dirty.add(key);
  }

  delete(key: string): void {
    this.put(key, undefined);
  }

  /** All values whose key begins with the prefix; for tables read whole at the start. */
  *entries<T>(prefix: string): Iterable<readonly [string, T]> {
    for (const [key, bytes] of this.store.entries(prefix)) yield [key, packr.unpack(bytes) as T];
  }

  /** Encodes what changed since the last call and lets go of cold values. */
  takeChanges(): Map<string, Uint8Array | undefined> {
    const changes = new Map<string, Uint8Array | undefined>();
    for (const key of this.#dirty) {
      const value = this.#hot.get(key);
      changes.set(key, value === undefined ? undefined : packr.pack(value));
    }
    this.#dirty.clear();
    return changes;
  }

  /** Drops the values used least recently; only after a commit, when the store holds them all. */
  trim(): void {
    if (this.#hot.size <= this.maximumHotKeys) return;
    let excess = this.#hot.size - this.maximumHotKeys;
    for (const key of this.#hot.keys()) {
      if (excess-- <= 0) break;
      if (!this.#dirty.has(key)) this.#hot.delete(key);
    }
  }
}

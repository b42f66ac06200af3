import { Packr } from 'msgpackr';
import type { StateStore } from './state-store.port';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });

/** Measured: a client's state of 3.6 KB takes 31 KB of heap as objects. */
const decodedBytesAPackedByte = 8.4;

/**
 * The state of a fold by key: hot values decoded in memory up to a bound in keys and, about, in bytes, dirty ones kept until a commit has taken them.
 * A value handed out may be changed in place, if it is `put` again.
 *
 * Hot values stand in two generations: what is used comes into the young one, and when that has half the bound the old one is let go and
 * the young one takes its place. Moving a key within one map at each use costs a rehash of the whole map again and again.
 */
export class KeyedState {
  #young = new Map<string, unknown>();
  #old = new Map<string, unknown>();
  readonly #dirty = new Set<string>();
  /** Of late; of one packed value. */
  #meanBytes = 0;

  constructor(
    private readonly store: StateStore,
    private readonly maximumHotKeys = 100_000,
    private readonly maximumHotBytes = 128 * 2 ** 20,
  ) {}

  get<T>(key: string): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined || this.#young.has(key)) return young as T | undefined;
    const value = this.#old.has(key) ? this.#old.get(key) : this.#read(key);
    if (value !== undefined || this.#old.has(key)) this.#young.set(key, value);
    return value as T | undefined;
  }

  put(key: string, value: unknown): void {
    this.#young.set(key, value);
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
      const value = this.#hot(key);
      const packed = value === undefined ? undefined : packr.pack(value);
      if (packed) this.#noteBytes(packed.byteLength);
      changes.set(key, packed);
    }
    this.#dirty.clear();
    return changes;
  }

  /**
   * Lets go of the values used least recently; only after a commit, when the store holds all but what has changed meanwhile. What was used since
   * the trim before stays at this one: the runner counts on it, whose changes of one batch are taken and not committed yet when the batch before has been.
   */
  trim(): void {
    if (this.#young.size <= this.#bound() / 2) return;
    const before = this.#old;
    this.#old = this.#young;
    this.#young = new Map();
    for (const key of this.#dirty) if (!this.#old.has(key)) this.#old.set(key, before.get(key));
  }

  #hot(key: string): unknown {
    return this.#young.has(key) ? this.#young.get(key) : this.#old.get(key);
  }

  #read(key: string): unknown {
    const bytes = this.store.get(key);
    if (!bytes) return undefined;
    this.#noteBytes(bytes.byteLength);
    return packr.unpack(bytes);
  }

  #noteBytes(bytes: number): void {
    this.#meanBytes += (bytes - this.#meanBytes) / 256;
  }

  /** In keys: what a value takes in memory is told from the size of the late packed ones. */
  #bound(): number {
    return Math.min(this.maximumHotKeys, this.maximumHotBytes / Math.max(1, decodedBytesAPackedByte * this.#meanBytes));
  }
}

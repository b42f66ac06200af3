import type { CommittedPosition, StateCommit, StateStore } from './state-store.port';

/** A state store in memory: what is not committed is lost with the process that held it. */
export class InMemoryStateStore implements StateStore {
  #position: CommittedPosition = { input: 0, output: 0 };
  readonly #values = new Map<string, Uint8Array>();
  readonly #timers = new Map<string, number>();

  position(): CommittedPosition {
    return this.#position;
  }

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  *entries(prefix: string): Iterable<readonly [string, Uint8Array]> {
    for (const key of [...this.#values.keys()].sort()) if (key.startsWith(prefix)) yield [key, this.#values.get(key)!];
  }

  timers(): Iterable<readonly [string, number]> {
    return this.#timers.entries();
  }

  commit({ position, values, timers }: StateCommit): Promise<void> {
    for (const [key, value] of values) if (value === undefined) this.#values.delete(key); else this.#values.set(key, value);
    for (const [key, atMs] of timers) if (atMs === undefined) this.#timers.delete(key); else this.#timers.set(key, atMs);
    this.#position = position;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

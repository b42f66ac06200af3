import type { CommittedPosition, StateCommit, StateStore } from '@sp/dataflow';
import { open, type Database, type RootDatabase } from 'lmdb';
import { mkdirSync } from 'node:fs';

const nothing: CommittedPosition = { input: 0, output: 0 };

/** State, timers and position of one stage and partition in one LMDB environment, written in one transaction a commit. */
export class LmdbStateStore implements StateStore {
  readonly #root: RootDatabase;
  readonly #values: Database<Buffer, string>;
  readonly #timers: Database<number, string>;
  readonly #meta: Database<CommittedPosition, string>;

  /** Opens or makes the folder; one process at a time may write it. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#root = open({ path: folder, maxDbs: 4 });
    this.#values = this.#root.openDB({ name: 'values', encoding: 'binary' });
    this.#timers = this.#root.openDB({ name: 'timers', encoding: 'msgpack' });
    this.#meta = this.#root.openDB({ name: 'meta', encoding: 'msgpack' });
  }

  position(): CommittedPosition {
    return this.#meta.get('position') ?? nothing;
  }

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  *entries(prefix: string): Iterable<readonly [string, Uint8Array]> {
    for (const { key, value } of this.#values.getRange({ start: prefix, end: `${prefix}\uffff` })) yield [key, value];
  }

  *timers(): Iterable<readonly [string, number]> {
    for (const { key, value } of this.#timers.getRange({})) yield [key, value];
  }

  async commit({ position, values, timers }: StateCommit): Promise<void> {
    await this.#root.transaction(() => {
      for (const [key, value] of values) void (value === undefined ? this.#values.remove(key) : this.#values.put(key, value as Buffer));
      for (const [key, atMs] of timers) void (atMs === undefined ? this.#timers.remove(key) : this.#timers.put(key, atMs));
      void this.#meta.put('position', position);
    });
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

/** How far the state has come: the last input position folded into it, and the last output sequence known to be durable. */
export interface CommittedPosition {
  readonly input: number;
  readonly output: number;
}

/** What one commit writes, all or nothing; `undefined` deletes. */
export interface StateCommit {
  readonly position: CommittedPosition;
  readonly values: ReadonlyMap<string, Uint8Array | undefined>;
  readonly timers: ReadonlyMap<string, number | undefined>;
}

/** The local store of one stage and partition. Reads are synchronous: a fold never waits. */
export interface StateStore {
  position(): CommittedPosition;
  get(key: string): Uint8Array | undefined;
  /** Committed values whose key begins with the prefix, in key order. */
  entries(prefix: string): Iterable<readonly [key: string, value: Uint8Array]>;
  timers(): Iterable<readonly [key: string, atMs: number]>;
  /** Resolves when the commit is in the store; commits are called one after another. */
  commit(commit: StateCommit): Promise<void>;
  close(): Promise<void>;
}

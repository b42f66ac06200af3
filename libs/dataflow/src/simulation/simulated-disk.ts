import type { CommittedPosition, StateCommit, StateStore } from '../state-store.port';
import type { SimulatedProcess } from './simulated-process';

/** What a service keeps through its crashes. */
export class SimulatedDisk {
  position: CommittedPosition = { input: 0, output: 0 };
  readonly values: Map<string, Uint8Array>;
  readonly timers: Map<string, number>;

  constructor(values: Iterable<readonly [string, Uint8Array]> = [], timers: Iterable<readonly [string, number]> = []) {
    this.values = new Map(values);
    this.timers = new Map(timers);
  }

  copy(): SimulatedDisk {
    const copy = new SimulatedDisk(this.values, this.timers);
    copy.position = this.position;
    return copy;
  }

  write({ position, values, timers }: StateCommit): void {
    for (const [key, value] of values) if (value === undefined) this.values.delete(key); else this.values.set(key, value);
    for (const [key, atMs] of timers) if (atMs === undefined) this.timers.delete(key); else this.timers.set(key, atMs);
    this.position = position;
  }
}

/** The disk as one process uses it: a commit is a step, whole or not at all, and dies with the process. */
export class StoreOfProcess implements StateStore {
  constructor(
    private readonly disk: SimulatedDisk,
    private readonly process: SimulatedProcess,
    private readonly onCommit: (position: CommittedPosition, before: CommittedPosition) => void,
  ) {}

  position(): CommittedPosition {
    return this.disk.position;
  }

  get(key: string): Uint8Array | undefined {
    return this.disk.values.get(key);
  }

  *entries(prefix: string): Iterable<readonly [string, Uint8Array]> {
    for (const key of [...this.disk.values.keys()].sort()) if (key.startsWith(prefix)) yield [key, this.disk.values.get(key)!];
  }

  timers(): Iterable<readonly [string, number]> {
    return this.disk.timers.entries();
  }

  commit(commit: StateCommit): Promise<void> {
    const work = (): void => {
      this.onCommit(commit.position, this.disk.position);
      this.disk.write(commit);
    };
    return this.process.ask('commit', work, { owner: this.process });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

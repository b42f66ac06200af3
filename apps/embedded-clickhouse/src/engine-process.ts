import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClickHouseError, frontError } from './clickhouse-error';
import type { EngineOptions, EngineQuery, EngineStatistics, FromEngine, ToEngine } from './engine-protocol';

// A folder left by a killed process is free again only when that process is gone, so early failures are retried soon.
const RESTART_DELAYS_MS = [50, 100, 200, 400, 800, 1_600, 3_000];
const STOP_TIMEOUT_MS = 10_000;

type Answer = Exclude<FromEngine, { kind: 'ready' }>;

/** Keeps one engine process alive and passes queries to it; a query that the engine's death interrupts fails with NETWORK_ERROR. */
export class EngineProcess {
  private child: ChildProcess | undefined;
  private readonly listeners = new Map<number, (answer: Answer) => void>();
  private nextId = 1;
  private failures = 0;
  private stopping = false;
  private whenFirstReady: () => void = () => undefined;
  /** The engine's version once it answers; undefined while it is away. */
  version: string | undefined;

  constructor(
    private readonly options: EngineOptions,
    private readonly report: (line: string) => void,
  ) {}

  /** Resolves when the folder is open and the engine answers. */
  async start(): Promise<void> {
    const ready = new Promise<void>((resolve) => (this.whenFirstReady = resolve));
    this.spawn();
    await ready;
  }

  /** Yields the answer's bytes piece by piece and returns the statistics; leaving the loop early cancels the query. */
  async *run(query: EngineQuery): AsyncGenerator<Uint8Array, EngineStatistics, void> {
    if (!this.version || this.stopping) throw frontError('ABORTED', 'The engine is starting or stopping; ask again');
    const id = this.nextId++;
    const inbox = new Inbox<Answer>();
    this.listeners.set(id, (answer) => inbox.put(answer));
    let finished = false;
    try {
      this.send({ kind: 'run', id, query });
      for (;;) {
        const answer = await inbox.take();
        finished = answer.kind !== 'chunk';
        if (answer.kind === 'failed') throw new ClickHouseError(answer.code, answer.message);
        if (answer.kind === 'done') return answer.statistics;
        yield answer.bytes;
        this.send({ kind: 'more', id });
      }
    } finally {
      if (!finished) this.send({ kind: 'cancel', id });
      this.listeners.delete(id);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.send({ kind: 'stop' });
    const timeout = new AbortController();
    await Promise.race([gone, sleep(STOP_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => child.kill('SIGKILL'))]);
    timeout.abort();
  }

  private spawn(): void {
    const script = fileURLToPath(new URL('../workers/chdb-engine.js', import.meta.url));
    // TZ: a DateTime without a zone means UTC here, whatever the machine's zone. One pool thread for each session, and some for files.
    const env = { ...process.env, TZ: 'UTC', UV_THREADPOOL_SIZE: '16' };
    const child = fork(script, [JSON.stringify(this.options)], { serialization: 'advanced', env });
    this.child = child;
    child.on('message', (message: FromEngine) => this.receive(message));
    child.on('error', (error) => this.report(`engine: ${error.message}`));
    child.once('exit', (code, signal) => void this.restart(signal ?? `exit code ${code}`));
  }

  private receive(message: FromEngine): void {
    if (message.kind !== 'ready') {
      this.listeners.get(message.id)?.(message);
      return;
    }
    this.version = message.version;
    this.failures = 0;
    this.whenFirstReady();
  }

  private async restart(reason: string): Promise<void> {
    this.version = undefined;
    this.failRunningQueries();
    if (this.stopping) return;
    const delayMs = RESTART_DELAYS_MS[Math.min(this.failures++, RESTART_DELAYS_MS.length - 1)] ?? 0;
    this.report(`engine ended (${reason}), starting it again in ${delayMs} ms`);
    await sleep(delayMs);
    if (!this.stopping) this.spawn();
  }

  private failRunningQueries(): void {
    const { code, message } = frontError('NETWORK_ERROR', 'The engine ended while the query ran; ask again, inserts with the same token');
    for (const [id, listener] of this.listeners) listener({ kind: 'failed', id, code, message });
  }

  private send(message: ToEngine): void {
    if (this.child?.connected) this.child.send(message, () => undefined);
  }
}

/** A queue of answers with one reader. The engine's credit of one chunk keeps it short. */
class Inbox<T> {
  private readonly items: T[] = [];
  private wake: (() => void) | undefined;

  put(item: T): void {
    this.items.push(item);
    this.wake?.();
  }

  async take(): Promise<T> {
    while (this.items.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.items.shift() as T;
  }
}

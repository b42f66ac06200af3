import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { ProcessLines, prefixedPrinter } from './process-lines';
import { endWithUs } from './reaper';
import { Refusal } from './refusal';
import { restartDelayMs } from './restart-delay';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Ready when a GET of it answers 2xx, a line matches, or the check says so; without any of them, when started. */
  readonly readyUrl?: string;
  readonly readyLine?: RegExp;
  readonly isReady?: () => Promise<boolean>;
  readonly readyTimeoutMs?: number;
  /** Prints every line behind this prefix. */
  readonly logPrefix?: string;
  readonly onLine?: (line: string) => void;
  /** Given: a process that dies by itself after it was ready is started again, each time later, and this is told. */
  readonly onDeath?: (sentence: string) => void;
}

export interface ProcessHandle {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  /** How often it died by itself and was started again. */
  readonly restarts: number;
  /** Of the process that runs now; a restart has its own. */
  readonly exited: Promise<ProcessExit>;
  /** SIGTERM, and after the grace SIGKILL to its whole group. */
  stop(graceMs?: number): Promise<ProcessExit>;
  /** kill -9 of the process and of what it has started. */
  kill(): Promise<ProcessExit>;
  /** Stops if it runs, starts again, and is ready when the promise is. */
  restart(): Promise<void>;
}

/** Starts a program that ends with us, and waits until it is ready. */
export async function startProcess(options: ProcessOptions): Promise<ProcessHandle> {
  const owned = new OwnedProcess(options);
  await owned.launch();
  return owned;
}

class OwnedProcess implements ProcessHandle {
  readonly name: string;
  restarts = 0;
  exited: Promise<ProcessExit> = Promise.resolve({ code: null, signal: null });
  private child: ChildProcess | undefined;
  /** Moves on with every stop and kill on purpose, so that a restart still pending knows that it is not wanted any more. */
  private generation = 0;
  private readonly lines: ProcessLines;

  constructor(private readonly options: ProcessOptions) {
    this.name = options.name;
    const print = options.logPrefix === undefined ? undefined : prefixedPrinter(options.logPrefix);
    this.lines = new ProcessLines((line) => {
      print?.(line);
      options.onLine?.(line);
    });
  }

  get pid(): number {
    return this.child?.pid ?? -1;
  }

  get running(): boolean {
    return this.child?.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async launch(): Promise<void> {
    this.lines.clear();
    this.exited = this.spawnChild();
    await this.becomeReady();
    if (this.options.onDeath) void this.reviveAfter(this.exited, Date.now(), this.generation);
  }

  async stop(graceMs = 10_000): Promise<ProcessExit> {
    this.generation += 1;
    if (this.running) this.child?.kill('SIGTERM');
    const inTime = await Promise.race([this.exited.then(() => true), pause(graceMs, false, { ref: false })]);
    return inTime ? this.exited : this.kill();
  }

  async kill(): Promise<ProcessExit> {
    this.generation += 1;
    if (this.running) killGroup(this.pid);
    return this.exited;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.launch();
  }

  /** In a group of its own: Ctrl-C in a terminal reaches only us, and we stop everything in order. */
  private spawnChild(): Promise<ProcessExit> {
    const { command, args = [], cwd, env } = this.options;
    const child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, SP_PARENT_PID: String(process.pid) },
    });
    this.child = child;
    this.lines.follow(child.stdout);
    this.lines.follow(child.stderr);
    const ended = child.pid === undefined ? undefined : endWithUs(child.pid);
    return new Promise((settle) => {
      child.once('error', () => settle({ code: null, signal: null }));
      child.once('close', (code, signal) => {
        ended?.();
        settle({ code, signal });
      });
    });
  }

  private async becomeReady(): Promise<void> {
    const { readyTimeoutMs = 60_000 } = this.options;
    const deadline = Date.now() + readyTimeoutMs;
    while (!(await this.isReadyNow())) {
      if (!this.running) throw new Refusal(await this.whyEnded());
      if (Date.now() > deadline) {
        await this.kill();
        throw new Refusal(`${this.name} was not ready after ${readyTimeoutMs / 1000} s; it said last:\n${this.lines.last(8)}`);
      }
      await pause(30);
    }
  }

  private async isReadyNow(): Promise<boolean> {
    const { readyUrl, readyLine, isReady } = this.options;
    if (!this.running) return false;
    if (readyUrl !== undefined) return answers(readyUrl);
    if (readyLine) return this.lines.includes(readyLine);
    return isReady ? isReady() : true;
  }

  private async whyEnded(): Promise<string> {
    if (this.child?.pid === undefined) return `${this.name} cannot be started: is ${this.options.command} installed and executable?`;
    return `${this.name} ended before it was ready (${sayExit(await this.exited)}); it said last:\n${this.lines.last(12)}`;
  }

  private async reviveAfter(exited: Promise<ProcessExit>, readyAtMs: number, generation: number): Promise<void> {
    const exit = await exited;
    let quickDeaths = Date.now() - readyAtMs > 60_000 ? 0 : this.restarts;
    while (this.generation === generation) {
      const delayMs = restartDelayMs(quickDeaths++);
      this.restarts += 1;
      this.options.onDeath?.(`${this.name} ended by itself (${sayExit(exit)}); restart ${this.restarts} in ${delayMs / 1000} s`);
      await pause(delayMs, undefined, { ref: false });
      if (this.generation !== generation) return;
      const failure = await this.launch().then(() => undefined, (error: unknown) => String(error));
      if (failure === undefined) return;
      if (this.generation === generation) this.options.onDeath?.(failure);
    }
  }
}

function sayExit({ code, signal }: ProcessExit): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended between the look and the kill.
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

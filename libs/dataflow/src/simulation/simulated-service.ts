import { FencedError } from '../fenced-appender';
import type { CommittedPosition, StateStore } from '../state-store.port';
import type { Random } from './random';
import { settled, type Scheduler } from './scheduler';
import { SimulatedDisk, StoreOfProcess } from './simulated-disk';
import { LogOfProcess, type SimulatedLog } from './simulated-log';
import { SimulatedProcess } from './simulated-process';
import { InjectedFault, SimulatedGapError } from './violation';

/** What one run of a service is given: its own view of the outside. */
export interface Ports {
  readonly process: SimulatedProcess;
  readonly store: StateStore;
  readonly pause: (attempt: number) => Promise<void>;
  /** A small bound, so that values are let go of and read again. */
  readonly maximumHotKeys: number;
  readonly random: Random;
  view(log: SimulatedLog): LogOfProcess;
}

export interface SimulatedServiceOptions {
  readonly name: string;
  readonly input: SimulatedLog;
  readonly output: SimulatedLog;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly main: (ports: Ports) => Promise<void>;
  readonly onCommit: (service: SimulatedService, position: CommittedPosition, before: CommittedPosition) => void;
  readonly onGone: (process: SimulatedProcess) => void;
  readonly onUnexpected: (text: string) => void;
}

/** One service with its disk, and whoever starts it again when it ends. */
export class SimulatedService {
  readonly name: string;
  disk = new SimulatedDisk();
  current: SimulatedProcess | undefined;
  readonly stale: SimulatedProcess[] = [];
  starts = 0;

  constructor(readonly options: SimulatedServiceOptions) {
    this.name = options.name;
  }

  start(): void {
    const { scheduler, random } = this.options;
    const process = new SimulatedProcess(`${this.name}-${++this.starts}`, this.name, scheduler);
    this.current = process;
    const store = new StoreOfProcess(this.disk, process, (position, before) => this.options.onCommit(this, position, before));
    const pause = (): Promise<void> => process.ask('pause', () => undefined, { owner: process });
    const view = (log: SimulatedLog): LogOfProcess => new LogOfProcess(log, process, scheduler, random);
    const ports = { process, store, pause, view, random, maximumHotKeys: random.pick([1, 3, 1_000]) };
    void settled().then(() => this.options.main(ports)).then(() => this.end(process, undefined), (error: unknown) => this.end(process, error));
  }

  /** Kill -9: of the appends that it had sent some are lost and some arrive, soon or late. */
  kill(process: SimulatedProcess): void {
    if (!process.isAlive) return;
    process.isAlive = false;
    const { scheduler, random } = this.options;
    for (const append of scheduler.dropOwnedBy(process)) {
      const fate = random.pick(['lost', 'lost', 'soon', 'late']);
      if (fate === 'lost') scheduler.remove(append);
      if (fate === 'late') scheduler.hold(append, random.between(5, 120));
    }
    this.options.onGone(process);
    if (process === this.current) this.#startLater();
  }

  /** A pause so long that somebody else has taken the work over, with a copy of the state as it was committed. */
  replaceSleeping(): SimulatedProcess | undefined {
    const sleeper = this.current;
    if (!sleeper?.isAlive) return undefined;
    sleeper.sleeps = true;
    this.stale.push(sleeper);
    this.disk = this.disk.copy();
    this.options.onGone(sleeper);
    this.start();
    return sleeper;
  }

  end(process: SimulatedProcess, error: unknown): void {
    if (!process.isAlive) return;
    const expected = error === undefined || error instanceof FencedError || error instanceof InjectedFault || (process !== this.current && isRetention(error));
    if (!expected) this.options.onUnexpected(`${process.owner} threw ${error instanceof Error ? error.stack : String(error)}`);
    this.kill(process);
  }

  #startLater(): void {
    const { scheduler, random } = this.options;
    this.current = undefined;
    const task = { kind: 'restart' as const, run: () => this.start() };
    scheduler.add(task);
    if (random.chance(0.5)) scheduler.hold(task, random.between(1, 30));
  }
}

/** Retention waits for the owner, not for who has been replaced. */
function isRetention(error: unknown): boolean {
  return error instanceof SimulatedGapError || (error instanceof Error && error.message.includes('gone by retention'));
}

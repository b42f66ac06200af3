import type { AppendResult } from '../log.port';
import type { Random } from './random';
import type { SimulatedProcess } from './simulated-process';

export type TaskKind = 'append' | 'last' | 'commit' | 'read' | 'call' | 'publish' | 'pause' | 'answer' | 'request' | 'reply' | 'restart' | 'wake';

/** One step of the outside that has not happened yet. */
export interface Task {
  readonly kind: TaskKind;
  /** Whose process it needs: it waits while that sleeps and is gone when that dies. Absent: it is on the network. */
  readonly owner?: SimulatedProcess;
  /** Who sent it, where it is on the network. */
  readonly sender?: SimulatedProcess;
  readonly log?: string;
  run(): void;
  /** Lets the asker hear a failure instead; the task itself may still run later. */
  refuse?(): void;
  answerAppend?(result: AppendResult): void;
}

/**
 * The order of everything: whatever could happen next is a task, one is picked at a time from the seed, and all that follows from it
 * inside the processes happens before the next is picked.
 */
export class Scheduler {
  readonly #ready: Task[] = [];
  #held: { readonly task: Task; readonly until: number }[] = [];
  #step = 0;

  /** `disorder`: how often the next task is picked at random and not in the order of arrival. */
  constructor(
    private readonly random: Random,
    private readonly disorder: number,
  ) {}

  get step(): number {
    return this.#step;
  }

  add(task: Task): void {
    this.#ready.push(task);
  }

  hold(task: Task, steps: number): void {
    this.remove(task);
    this.#held.push({ task, until: this.#step + steps });
  }

  remove(task: Task): void {
    const place = this.#ready.indexOf(task);
    if (place >= 0) this.#ready.splice(place, 1);
    else this.#held = this.#held.filter((held) => held.task !== task);
  }

  pending(kind: TaskKind): Task[] {
    return this.#ready.filter((task) => task.kind === kind);
  }

  /** Of a dead process: what was inside it is gone; what it had sent is handed back, to be lost or to arrive. */
  dropOwnedBy(process: SimulatedProcess): readonly Task[] {
    for (let place = this.#ready.length - 1; place >= 0; place--) if (this.#ready[place]!.owner === process) this.#ready.splice(place, 1);
    this.#held = this.#held.filter(({ task }) => task.owner !== process);
    return this.#ready.filter(({ sender, kind }) => sender === process && kind === 'append');
  }

  isAtWork(process: SimulatedProcess): boolean {
    return this.#ready.some(({ owner, sender }) => owner === process || sender === process);
  }

  /** Runs one task and all that follows from it. False when nothing is left to run. */
  async turn(): Promise<boolean> {
    this.#release();
    const place = this.#next();
    if (place < 0) {
      if (this.#held.length === 0) return this.#hasMore();
      this.#step = Math.max(this.#step, Math.min(...this.#held.map(({ until }) => until)));
      return true;
    }
    const [task] = this.#ready.splice(place, 1);
    this.#step++;
    task!.run();
    await settled();
    return true;
  }

  /** A sequencer waits a turn of the event loop before it asks for anything. */
  async #hasMore(): Promise<boolean> {
    for (let turn = 0; turn < 2 && this.#ready.length === 0; turn++) await settled();
    return this.#ready.length > 0;
  }

  #release(): void {
    if (!this.#held.some(({ until }) => until <= this.#step)) return;
    for (const { task, until } of this.#held) if (until <= this.#step) this.#ready.push(task);
    this.#held = this.#held.filter(({ until }) => until > this.#step);
  }

  #next(): number {
    const { length } = this.#ready;
    const first = length > 1 && this.random.chance(this.disorder) ? this.random.below(length) : 0;
    for (let offset = 0; offset < length; offset++) {
      const place = (first + offset) % length;
      if (this.#ready[place]!.owner?.sleeps !== true) return place;
    }
    return -1;
  }
}

/** Everything that follows inside the processes has happened: promises, and the turn of the event loop that a sequencer waits for. */
export function settled(): Promise<void> {
  return new Promise((resume) => setImmediate(resume));
}

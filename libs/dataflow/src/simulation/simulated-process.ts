import type { Sequencer } from '../sequencer';
import type { Scheduler, Task, TaskKind } from './scheduler';
import { InjectedFault } from './violation';

/** One run of one service. A dead one hears nothing any more; a sleeping one hears it when it wakes. */
export class SimulatedProcess {
  isAlive = true;
  sleeps = false;
  /** Set while the doors of an ingest process are open. */
  sequencer: Sequencer | undefined;
  readonly #stop = new AbortController();

  constructor(
    readonly owner: string,
    readonly service: string,
    private readonly scheduler: Scheduler,
  ) {}

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ends in order: what is under way is finished, nothing new is read. */
  endInOrder(): void {
    this.#stop.abort();
  }

  /** Asks the outside: the request arrives as one step, its answer as another. */
  ask<T>(kind: TaskKind, work: () => T | Promise<T>, where: Pick<Task, 'log' | 'owner'> = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      let heard = false;
      const hear = (run: () => void): void => {
        if (!heard) this.answer(run);
        heard = true;
      };
      if (!this.isAlive) return;
      this.scheduler.add({
        kind, sender: this, ...where,
        run: () => {
          if (heard) return;
          const result = work();
          if (result instanceof Promise) result.then((value) => hear(() => resolve(value)), (error: unknown) => hear(() => reject(error)));
          else hear(() => resolve(result));
        },
        refuse: () => hear(() => reject(new InjectedFault(`${kind} refused`))),
      });
    });
  }

  /** Something reaches the process from outside. */
  answer(run: () => void): void {
    if (this.isAlive) this.scheduler.add({ kind: 'answer', owner: this, run });
  }
}

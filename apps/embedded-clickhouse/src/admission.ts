import { frontError } from './clickhouse-error';

/** Lets a bounded number of queries run and a bounded number wait; whoever comes after them is refused at once. */
export class Admission {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mayWait: number,
  ) {}

  /** Resolves with the function that gives the place back. */
  async enter(): Promise<() => void> {
    if (this.running < this.atOnce) this.running++;
    else if (this.waiting.length >= this.mayWait) throw frontError('TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many queries wait for the engine');
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return () => this.leave();
  }

  /** A freed place passes to the next in line, so that a newcomer cannot overtake it. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running--;
  }
}

import { identityOf, type LineEvent } from '@sp/contracts';
import type { Verdict } from '../sequencer';
import type { Random } from './random';
import type { Scheduler } from './scheduler';
import type { SimulatedProcess } from './simulated-process';
import type { SimulatedService } from './simulated-service';

interface Delivery {
  readonly events: readonly LineEvent[];
  answered: boolean;
}

export interface SimulatedBankOptions {
  readonly ingest: SimulatedService;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly timesInLog: (identity: string) => number;
  readonly violated: (text: string) => void;
}

const notFinal: ReadonlySet<Verdict> = new Set(['busy']);

/** A client of the door that sends until it has an answer for everything, and sometimes more often. */
export class SimulatedBank {
  /** Everything ever sent, for copies and for the last round. */
  readonly sent: LineEvent[][] = [];
  readonly verdicts = new Map<string, Verdict[]>();
  readonly #underWay = new Map<SimulatedProcess, Set<Delivery>>();
  #unanswered = 0;

  constructor(private readonly options: SimulatedBankOptions) {}

  get isAnswered(): boolean {
    return this.#unanswered === 0;
  }

  send(events: readonly LineEvent[]): void {
    this.sent.push([...events]);
    this.#deliver(events, 0);
  }

  /** The same once more, perhaps to the former owner, perhaps much later. */
  sendCopy(events: readonly LineEvent[], laterSteps: number): void {
    this.#deliver(events, laterSteps);
  }

  /** Whoever had requests of ours is gone or does not answer: send them again. */
  onGone(process: SimulatedProcess): void {
    for (const delivery of this.#underWay.get(process) ?? []) this.#again(delivery);
    this.#underWay.delete(process);
  }

  #again(delivery: Delivery): void {
    if (delivery.answered) return;
    delivery.answered = true;
    this.#unanswered--;
    this.#deliver(delivery.events, this.options.random.between(1, 20));
  }

  #deliver(events: readonly LineEvent[], laterSteps: number): void {
    const delivery: Delivery = { events, answered: false };
    this.#unanswered++;
    this.#request(delivery, laterSteps);
  }

  #request(delivery: Delivery, laterSteps: number): void {
    const { scheduler } = this.options;
    const task = { kind: 'request' as const, run: () => this.#arrive(delivery) };
    scheduler.add(task);
    if (laterSteps > 0) scheduler.hold(task, laterSteps);
  }

  #arrive(delivery: Delivery): void {
    const process = this.#door();
    if (!process?.sequencer) return this.#request(delivery, 5);
    const underWay = this.#underWay.get(process) ?? new Set();
    this.#underWay.set(process, underWay.add(delivery));
    const offered = delivery.events.map((event) => process.sequencer!.offer(event));
    void Promise.all(offered).then(
      (verdicts) => this.#answered(delivery, process, verdicts),
      (error: unknown) => process.isAlive && this.options.ingest.end(process, error),
    );
  }

  #door(): SimulatedProcess | undefined {
    const { ingest, random } = this.options;
    const awake = ingest.stale.filter(({ isAlive, sleeps, sequencer }) => isAlive && !sleeps && sequencer);
    return awake.length > 0 && random.chance(0.3) ? random.pick(awake) : ingest.current;
  }

  #answered(delivery: Delivery, process: SimulatedProcess, verdicts: readonly Verdict[]): void {
    if (!process.isAlive) return;
    for (const [place, verdict] of verdicts.entries()) this.#judge(delivery.events[place]!, verdict);
    this.options.scheduler.add({
      kind: 'reply', owner: process,
      run: () => {
        this.#underWay.get(process)?.delete(delivery);
        this.#hear(delivery, verdicts);
      },
      refuse: () => {
        this.#underWay.get(process)?.delete(delivery);
        this.#again(delivery);
      },
    });
  }

  /** What is answered as taken must be in the log by then, once. */
  #judge(event: LineEvent, verdict: Verdict): void {
    const identity = identityOf(event);
    const times = this.options.timesInLog(identity);
    if ((verdict === 'accepted' || verdict === 'duplicate' || verdict === 'conflict') && times !== 1) this.options.violated(`${event.id} was answered ${verdict} and stood ${times} times in the log`);
    const known = this.verdicts.get(identity) ?? [];
    this.verdicts.set(identity, [...known, verdict]);
    if (verdict === 'accepted' && known.includes('accepted')) this.options.violated(`${event.id} was accepted twice`);
  }

  #hear(delivery: Delivery, verdicts: readonly Verdict[]): void {
    if (delivery.answered) return;
    delivery.answered = true;
    this.#unanswered--;
    const rest = delivery.events.filter((_, place) => notFinal.has(verdicts[place]!));
    if (rest.length > 0) this.#deliver(rest, this.options.random.between(1, 10));
  }
}

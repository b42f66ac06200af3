import type { Passed } from './bare-hop';

/** What both halves of the rounds cost in CPU time, which others at work on the machine move far less than the rates. */
export class CpuAccount {
  readonly #micros = { raw: 0, ours: 0 };
  readonly #events = { raw: 0, ours: 0 };

  /** `readMicros` tells the CPU time used so far by the process that does the work. */
  async add(which: 'raw' | 'ours', readMicros: () => number | Promise<number>, work: () => Promise<Passed>): Promise<Passed> {
    const before = await readMicros();
    const passed = await work();
    this.record(which, (await readMicros()) - before, passed.events);
    return passed;
  }

  record(which: 'raw' | 'ours', micros: number, events: number): void {
    this.#micros[which] += micros;
    this.#events[which] += events;
  }

  note(): string {
    const [raw, ours] = (['raw', 'ours'] as const).map((which) => (this.#micros[which] / this.#events[which]).toFixed(1));
    return `CPU ${ours} us an event beside ${raw}`;
  }
}

export function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

import { identityOf, ownSource, type LineEvent, type MergedTableName, type StageName, type TableMerged } from '@sp/contracts';
import type { Flow } from '../flow';
import { decodeFrame, encodeFrame } from '../frame';
import { Sequencer } from '../sequencer';
import type { RejectedEvent } from '../stage-observer';
import { StageRunner } from '../stage-runner';
import type { CommittedPosition } from '../state-store.port';
import { TableMerger } from '../table-merger';
import type { FaultKind } from './fault-plan';
import { Random } from './random';
import { Scheduler } from './scheduler';
import { SimulatedBank } from './simulated-bank';
import { SimulatedLog, type StoredFrame } from './simulated-log';
import type { SimulatedProcess } from './simulated-process';
import { SimulatedService, type Ports } from './simulated-service';
import { Violation } from './violation';

export interface TracedFault {
  readonly step: number;
  readonly kind: FaultKind;
  readonly what: string;
}

/** A chain of services, ingest first, over logs, disks and a network that are all simulated from one seed. */
export class World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly control = new SimulatedLog('control');
  readonly logs: readonly SimulatedLog[];
  /** The line itself, ingest first. */
  readonly services: readonly SimulatedService[];
  /** Beside the line: merges what its stages gather. */
  readonly merger: SimulatedService | undefined;
  /** Dead letters, as often as they were sent. */
  readonly letters: RejectedEvent[] = [];
  readonly bank: SimulatedBank;
  readonly trace: TracedFault[] = [];
  readonly #timesInLog = new Map<string, number>();
  #violation: Violation | undefined;
  #shiftMs = 0;
  #newestMs = 0;
  #lastTick: LineEvent | undefined;
  #newestVersion = 0;

  constructor(seed: number, readonly flows: readonly Flow<StageName>[], readonly merged?: MergedTableName) {
    this.random = new Random(seed);
    this.scheduler = new Scheduler(this.random, this.random.pick([0.1, 0.5, 1]));
    this.logs = [new SimulatedLog('ingest', (frame) => this.#countEvents(frame)), ...flows.map(({ stage }) => new SimulatedLog(stage))];
    const ingest = this.#service('ingest', this.control, this.logs[0]!, (ports) => this.#runIngest(ports));
    this.services = [ingest, ...flows.map((flow, index) => this.#service(flow.stage, this.logs[index]!, this.logs[index + 1]!, (ports) => this.#runStage(flow, index, ports)))];
    this.bank = new SimulatedBank({
      ingest, scheduler: this.scheduler, random: this.random, timesInLog: (identity) => this.timesInLog(identity), violated: (text) => this.violated(text),
    });
    this.merger = merged && new SimulatedService({ ...this.#outside('merger'), input: this.logs.at(-1)!, output: this.control, main: (ports) => this.#runMerger(merged, ports), onCommit: () => undefined });
    for (const service of this.everyone) service.start();
  }

  get everyone(): readonly SimulatedService[] {
    return this.merger ? [...this.services, this.merger] : this.services;
  }

  timesInLog(identity: string): number {
    return this.#timesInLog.get(identity) ?? 0;
  }

  violated(text: string): void {
    this.#violation ??= new Violation(text);
  }

  /** One step of everything; false when nothing can happen any more. */
  async turn(): Promise<boolean> {
    const more = await this.scheduler.turn();
    if (this.#violation) throw this.#violation;
    return more;
  }

  /** Events keep their distance from a clock that has jumped. */
  send(events: readonly LineEvent[]): void {
    const shifted = events.map((event) => ({ ...event, timeMs: event.timeMs + this.#shiftMs }) as LineEvent);
    this.#newestMs = Math.max(this.#newestMs, ...shifted.map(({ timeMs }) => timeMs));
    this.bank.send(shifted);
  }

  /** A shared fact takes its place in the control log, past any fault: ingest copies it from there. */
  publish(fact: LineEvent): void {
    this.#append({ ...fact, timeMs: fact.timeMs + this.#shiftMs } as LineEvent);
  }

  #append(fact: LineEvent): void {
    const to = this.control.end + 1;
    this.control.push({ to, id: `${to}:control`, bytes: encodeFrame({ partition: 0, from: to, to, sequencedAtMs: 0, events: [fact] }) });
  }

  /** A tick so far ahead of all that was sent; without a jump the last one comes once more. */
  tick(jumpMs: number): void {
    this.#shiftMs += jumpMs;
    this.#newestMs += jumpMs;
    if (jumpMs > 0 || !this.#lastTick) this.#lastTick = { type: 'clock.ticked', id: `tick-${this.#newestMs}`, source: ownSource, subject: 'clock', timeMs: this.#newestMs, data: {} };
    this.bank.send([this.#lastTick]);
  }

  /** Former owners that woke and found nothing to do go at last. */
  endStale(): void {
    for (const service of this.everyone) for (const process of service.stale) service.kill(process);
  }

  #service(name: string, input: SimulatedLog, output: SimulatedLog, main: (ports: Ports) => Promise<void>): SimulatedService {
    return new SimulatedService({ ...this.#outside(name), input, output, main, onCommit: (service, position, before) => this.#judgeCommit(service, position, before) });
  }

  #outside(name: string) {
    return { name, scheduler: this.scheduler, random: this.random, onGone: (process: SimulatedProcess) => this.bank?.onGone(process), onUnexpected: (text: string) => this.violated(text) };
  }

  async #runIngest({ process, store, pause, view, maximumHotKeys, random }: Ports): Promise<void> {
    const output = view(this.logs[0]!);
    const sequencer = new Sequencer({ partition: 0, output, ownLog: output, store, owner: process.owner, pause, nowMs: () => 0, maximumWaiting: random.pick([3, 1_000]), maximumHotKeys });
    await sequencer.open();
    process.sequencer = sequencer;
    for await (const message of view(this.control).read(sequencer.mark + 1, process.signal)) {
      for (const fact of decodeFrame(message.bytes).events) await sequencer.offer(fact, message.sequence);
    }
  }

  #runStage(flow: Flow<StageName>, index: number, { process, store, pause, view, maximumHotKeys, random }: Ports): Promise<void> {
    const { call } = flow;
    const simulated: Flow<StageName> = call ? { ...flow, call: (events) => process.ask('call', () => call(events)) } : flow;
    const runner = new StageRunner<StageName>({
      flow: simulated, partition: 0, partitions: 1, input: view(this.logs[index]!), output: view(this.logs[index + 1]!), store, owner: process.owner, pause, maximumHotKeys,
      maximumBatchFrames: random.between(1, 8),
      carryRejected: (rejected) => process.ask('publish', () => void this.letters.push(...rejected)),
    });
    return runner.run(process.signal);
  }

  #runMerger(table: MergedTableName, { process, store, view, random }: Ports): Promise<void> {
    const inputs = this.logs.slice(1).map((log) => view(log));
    return new TableMerger({ table, inputs, store, commitEveryFrames: random.pick([1, 3, 256]), publish: (version) => process.ask('publish', () => this.#publishVersion(version)) }).run(process.signal);
  }

  /** As the control log's own sequencer takes it: what is not newer is known. */
  #publishVersion(version: TableMerged): void {
    if (version.data.version <= this.#newestVersion) return;
    this.#newestVersion = version.data.version;
    this.#append(version);
  }

  #countEvents({ bytes }: StoredFrame): void {
    for (const event of decodeFrame(bytes).events) {
      const identity = identityOf(event);
      const times = this.timesInLog(identity) + 1;
      this.#timesInLog.set(identity, times);
      if (times > 1) this.violated(`${event.id} stands ${times} times in the log of ingest`);
    }
  }

  /** State may never be ahead of what is durable, and never goes back. */
  #judgeCommit(service: SimulatedService, position: CommittedPosition, before: CommittedPosition): void {
    const { name, options: { output } } = service;
    const durableTo = output.frames.at(-1)?.to ?? 0;
    if (position.output > output.end || position.input > durableTo) this.violated(`${name} committed ${position.input}/${position.output} when its log ended at ${durableTo}/${output.end}`);
    if (position.input < before.input || position.output < before.output) this.violated(`${name} committed ${position.input}/${position.output} after ${before.input}/${before.output}`);
  }
}

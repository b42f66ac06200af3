import { setTimeout as delay } from 'node:timers/promises';
import type { Envelope } from '@sp/contracts';
import type { DoorCounts } from './ingest-door';
import { reportOf, type Learned } from './report/report';
import { reportPage } from './report/page';
import type { SavedRun, StateFolder } from './state-folder';
import { hourMs } from './world/calendar';
import type { World } from './world/world';
import type { ReceivedOffer } from './world/received-offer';

/** The door for events, as the loop needs it. */
export interface EventSender {
  readonly counts: Readonly<DoorCounts>;
  send(batch: readonly Envelope[]): Promise<void>;
}

/** The door for offers, as the loop needs it. */
export interface OfferSource {
  readonly position: number;
  readonly received: number;
  take(): readonly ReceivedOffer[];
  settle(): Promise<void>;
}

/** Says when the line has worked off what was sent. */
export interface Step {
  readonly exists: boolean;
  caughtUp(step: number): Promise<void>;
}

/** Takes its time: the line must obey before the hour's events are sent. */
export interface ModelChoice {
  /** Another model than before; `undefined` gives the one before it back. */
  choose(version: string | undefined): Promise<void>;
}

/** Looks at the line as days pass. */
export interface Diary {
  look(nowMs: number): Promise<void>;
}

export interface SimulatorOptions {
  readonly world: World;
  readonly events: EventSender;
  readonly offers: OfferSource;
  readonly step: Step;
  readonly folder: StateFolder;
  /** Where operators choose the model; absent where nothing goes wrong with it. */
  readonly models?: ModelChoice;
  readonly diary?: Diary;
  readonly unsent: readonly Envelope[];
  readonly batchSize: number;
  readonly hoursPerSecond: number;
  /** Days since the world's start after which it ends; 0 is never. */
  readonly days: number;
  readonly settleMs: number;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Where the line cannot be asked, it is given time to answer after so many simulated hours. */
const settleEveryHours = 6;

/** Hour by hour until the days are over or the signal comes; what is left unsent then is saved with the world. */
export class Simulator {
  private outbox: Envelope[];
  private hours = 0;
  /** Offers that the bank had in the hour after their instant: the others answer late events, or the line was outrun. */
  inTime = 0;

  constructor(private readonly options: SimulatorOptions) {
    this.outbox = [...options.unsent];
  }

  async run(): Promise<void> {
    const { world, days, signal } = this.options;
    try {
      await this.empty();
      while (!signal.aborted && (days === 0 || world.day < days)) await this.hour();
    } catch (error) {
      // After anything but a stop the world may be in the middle of an hour: the last day's save stays the truth.
      if (!signal.aborted) throw error;
    }
    await this.save();
  }

  /** The whole report, with what was learned at the system's own doors. */
  async report(folder: StateFolder, learned?: Learned): Promise<void> {
    const { world } = this.options;
    const report = reportOf(world, { byWeek: true, ...(learned && { learned }) });
    await folder.saveReport(report);
    await folder.savePage(reportPage(report));
  }

  private async hour(): Promise<void> {
    const { world, offers } = this.options;
    const startedAt = performance.now();
    const dayBefore = world.day;
    const taken = offers.take();
    await this.options.models?.choose(world.troubleNow('constant-model')?.what);
    this.inTime += taken.filter(({ issuedMs }) => world.timeMs - issuedMs <= hourMs).length;
    this.outbox = world.advanceHour(taken);
    await this.empty();
    await this.pace(startedAt);
    if (world.day === dayBefore) return;
    await this.options.diary?.look(world.timeMs);
    await this.save();
    this.options.print(this.progress());
  }

  private async empty(): Promise<void> {
    let sent = 0;
    try {
      for (; sent < this.outbox.length; sent += this.options.batchSize) await this.options.events.send(this.outbox.slice(sent, sent + this.options.batchSize));
    } finally {
      this.outbox = this.outbox.slice(sent);
    }
  }

  private async pace(startedAt: number): Promise<void> {
    const { hoursPerSecond, settleMs, signal, offers } = this.options;
    this.hours++;
    if (hoursPerSecond > 0) return delay(Math.max(0, 1000 / hoursPerSecond - (performance.now() - startedAt)), undefined, { signal });
    const stepByStep = this.options.step.exists;
    if (stepByStep) await this.options.step.caughtUp(this.options.world.timeMs / hourMs);
    else if (this.hours % settleEveryHours !== 0) return;
    if (settleMs > 0) await delay(settleMs, undefined, { signal });
    await offers.settle();
  }

  private async save(): Promise<void> {
    const { world, offers, folder } = this.options;
    const run: SavedRun = { offersPosition: offers.position, unsent: this.outbox, world: world.save() };
    await folder.save(run);
    await folder.saveReport(reportOf(world, { byWeek: false }));
  }

  private progress(): string {
    const { world, events, offers } = this.options;
    const { accepted, duplicates, rejected } = events.counts;
    const redeemed = Object.values(world.truth.arms).reduce((sum, arm) => sum + arm.redeemed, 0);
    const date = new Date(world.timeMs - 1).toISOString().slice(0, 10);
    const sent = accepted + duplicates + rejected;
    return `day ${world.day} (${date})  events ${sent}: ${accepted} accepted, ${duplicates} duplicates, ${rejected} rejected  offers ${offers.received}  redeemed ${redeemed}`;
  }
}

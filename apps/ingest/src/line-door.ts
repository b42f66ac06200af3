import { acceptSystemEvent, ownSource, partitionOf, printWords, sharedEventTypes, writePrints, type Acceptance, type BankEvent, type DecisionRequest, type EventCorrection, type LineEvent, type RefusalOrigin, type Reject } from '@sp/contracts';
import type { Sequencer, Verdict } from '@sp/dataflow';
import type { EventCleaner } from './event-cleaner';
import type { LineClock } from './line-clock';
import { LineBusyError, OfferedBatch, type ItemResult, type RejectedItem } from './offered-batch';
import { readPublicItem } from './public-item';
import { TypeFigures } from './type-figures';

/** Events that have their place; `settled` has their verdicts when they are durable, and rejects with LineBusyError where the bound of what waits was reached. */
export interface Offered {
  readonly settled: Promise<readonly ItemResult[]>;
}

/** Where a batch comes from. */
export interface BatchFrom {
  readonly origin: RefusalOrigin;
  /** The first item's number in its request. */
  readonly firstItem: number;
  /** Why this sender may not say this; undefined: he may. */
  readonly refuses?: (event: BankEvent) => Reject | undefined;
}

type Read = { readonly acceptance: Acceptance | ReturnType<typeof acceptSystemEvent>; readonly corrections: readonly EventCorrection[] };

export interface LineDoorOptions {
  readonly partitions: readonly Sequencer[];
  readonly control: Sequencer;
  readonly clock: LineClock;
  readonly lag: { isTooLong(): boolean };
  readonly cleaner: EventCleaner;
  readonly onRejected: (items: readonly RejectedItem[], origin: RefusalOrigin) => void;
}

/** At about 100 bytes each. */
const mostRememberedLanes = 100_000;
const shared = new Set<string>([...sharedEventTypes, 'campaign.paused', 'merchant.paused', 'policy.published', 'experiment.published', 'model.activated', 'model.frozen', 'split.changed', 'table.merged']);

/**
 * The one way into the line, whichever door an event came by: checks it, finds its place, answers when it is durable.
 * Events of a batch keep their order. A shared fact goes into the control log first and is then copied into every partition,
 * one fact at a time, so that all partitions have them in the control log's order.
 */
export class LineDoor {
  readonly #figures = new TypeFigures();
  /** Partitions of the clients seen of late. */
  readonly #lanes = new Map<string, number>();
  #sharedTurn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LineDoorOptions) {}

  /** Verdicts in the order of the values. Throws LineBusyError when the bound of what waits is reached. */
  async accept(values: readonly unknown[], origin: RefusalOrigin): Promise<ItemResult[]> {
    return [...(await (await this.offer(values, { origin, firstItem: 0 })).settled)];
  }

  /** The same in pieces: resolves when all have their place in the order, before they are durable. */
  async offer(values: readonly unknown[], from: BatchFrom): Promise<Offered> {
    return this.#offerAll(values, from, (value) => this.#readPublic(value, from.refuses));
  }

  /** The same for what the system's own services ask for. */
  async acceptControl(values: readonly unknown[], origin: RefusalOrigin): Promise<ItemResult[]> {
    const read = (value: unknown): Read => ({ acceptance: acceptSystemEvent(value, this.options.clock.nowMs()), corrections: [] });
    return [...(await (await this.#offerAll(values, { origin, firstItem: 0 }, read)).settled)];
  }

  async request(request: DecisionRequest): Promise<Verdict> {
    return this.#partitionFor(request.subject).offer(request);
  }

  /** The line's own time has come this far; every partition is told, idle ones too. */
  async tick(nowMs: number): Promise<void> {
    const tick = this.options.clock.advance(nowMs);
    if (tick) await Promise.all(this.options.partitions.map((partition) => partition.offer(tick)));
  }

  /** Copies a control fact into every partition; known copies are recognised by their identity. */
  async copyShared(event: LineEvent, controlSequence: number): Promise<void> {
    await Promise.all(this.options.partitions.map((partition) => partition.offer(event, controlSequence)));
  }

  async #offerAll(values: readonly unknown[], { origin, firstItem }: BatchFrom, read: (value: unknown) => Read): Promise<Offered> {
    if (this.options.lag.isTooLong()) throw new LineBusyError('the line is too far behind');
    const batch = new OfferedBatch(this.options.partitions.length, values, firstItem);
    for (let item = 0; item < values.length; item++) {
      const { acceptance, corrections } = read(values[item]);
      const reject = acceptance.ok ? this.#refuse(acceptance.event) : acceptance.reject;
      if (!acceptance.ok || reject) batch.reject(item, acceptance.ok ? acceptance.event.id : acceptance.id, reject!);
      // A shared fact stands before what follows it in the batch.
      else if (shared.has(acceptance.event.type)) await this.#offerShared(batch, item, acceptance.event, corrections);
      else this.#line(batch, item, acceptance.event, corrections);
    }
    this.#send(batch);
    const settled = batch.settled().finally(() => {
      this.#figures.tell();
      if (batch.rejected.length > 0) this.options.onRejected(batch.rejected, origin);
    });
    // Whoever asked may have ended before it settles.
    settled.catch(() => undefined);
    return { settled };
  }

  /** Behind the others of its partition in this batch, with the tick that it brings before it. */
  #line(batch: OfferedBatch, item: number, event: LineEvent, corrections: readonly EventCorrection[]): void {
    const lane = this.#laneOf(event.subject);
    const clean = this.#cleaned(batch, item, event, corrections);
    if (clean) batch.lanes[lane]!.push(clean, item);
  }

  async #offerShared(batch: OfferedBatch, item: number, event: LineEvent, corrections: readonly EventCorrection[]): Promise<void> {
    const clean = this.#cleaned(batch, item, event, corrections);
    if (!clean) return;
    this.#send(batch);
    const placed = this.#placeShared(clean).then((verdict) => this.#answer(batch, item, clean, verdict));
    batch.wait(placed);
    await placed.catch(() => undefined);
  }

  /** Undefined for what was told before under another id. */
  #cleaned(batch: OfferedBatch, item: number, event: LineEvent, corrections: readonly EventCorrection[]): LineEvent | undefined {
    const { cleaner, clock } = this.options;
    writePrints(event, batch.prints, item * printWords);
    if (cleaner.isToldAgain(event, batch.prints, item * printWords)) return void batch.answer(item, { id: event.id, status: 'duplicate' });
    const tick = clock.advanceBy(event.timeMs);
    if (tick) for (const lane of batch.lanes) lane.push(tick, -1);
    return cleaner.clean(event, corrections);
  }

  /** What stands in the lanes so far gets its places. */
  #send(batch: OfferedBatch): void {
    for (const [place, lane] of batch.lanes.entries()) {
      const { events, items } = lane.take();
      if (events.length === 0) continue;
      const offered = this.options.partitions[place]!.offerAll(events, batch.printsOf(events, items));
      batch.wait(offered.then((verdicts) => verdicts.forEach((verdict, index) => items[index]! >= 0 && this.#answer(batch, items[index]!, events[index]!, verdict))));
    }
  }

  #readPublic(value: unknown, refuses: BatchFrom['refuses']): Read {
    const normalised = this.options.cleaner.normalise(value);
    const acceptance = readPublicItem(normalised.value);
    const reject = acceptance.ok ? refuses?.(acceptance.event) : undefined;
    return { acceptance: acceptance.ok && reject ? { ok: false, id: acceptance.event.id, reject } : acceptance, corrections: normalised.corrections };
  }

  #refuse(event: LineEvent): Reject | undefined {
    if (!this.options.clock.isTooFarAhead(event.timeMs)) return undefined;
    return { code: 'too-far-ahead', field: 'time', message: `is far ahead of the line's own time, ${new Date(this.options.clock.nowMs()).toISOString()}` };
  }

  #placeShared(event: LineEvent): Promise<Verdict> {
    const turn = this.#sharedTurn.then(async () => {
      const verdict = await this.options.control.offer(event);
      if (verdict === 'accepted') await this.copyShared(event, this.options.control.lastSequence);
      return verdict;
    });
    this.#sharedTurn = turn.catch(() => undefined);
    return turn;
  }

  #partitionFor(clientId: string): Sequencer {
    return this.options.partitions[this.#laneOf(clientId)]!;
  }

  /** A client comes again soon; the hash that places him costs as much as all else that is asked of an event's id. */
  #laneOf(clientId: string): number {
    const { length } = this.options.partitions;
    if (length === 1) return 0;
    const known = this.#lanes.get(clientId);
    if (known !== undefined) return known;
    if (this.#lanes.size >= mostRememberedLanes) this.#lanes.clear();
    const lane = partitionOf(clientId, length);
    this.#lanes.set(clientId, lane);
    return lane;
  }

  #answer(batch: OfferedBatch, item: number, event: LineEvent, verdict: Verdict): void {
    const { cleaner } = this.options;
    if (verdict === 'accepted') {
      cleaner.learn(event);
      this.#figures.see(event);
    } else if (verdict !== 'duplicate') cleaner.forget(event, batch.prints, item * printWords);
    if (verdict === 'busy') batch.isBusy = true;
    else if (verdict === 'accepted' || verdict === 'duplicate') batch.answer(item, { id: event.id, status: verdict });
    else batch.reject(item, event.id, refusals[verdict]);
  }
}

const refusals: Readonly<Record<'conflict' | 'too-old', Reject>> = {
  'conflict': { code: 'conflict', field: 'id', message: 'is known with other content; an event never changes, send a new one' },
  'too-old': { code: 'too-old', field: 'time', message: 'is more than a week behind the newest event, where a repetition can no longer be told' },
};

/** `data` of a decision request as an event of the line. */
export function decisionRequest(options: { clientId: string; requestId: string; context: Record<string, unknown>; replySubject: string; timeMs: number }): DecisionRequest {
  const { clientId, requestId, context, replySubject, timeMs } = options;
  return { type: 'decision.requested', id: requestId, source: ownSource, subject: clientId, timeMs, data: { context, replySubject } };
}

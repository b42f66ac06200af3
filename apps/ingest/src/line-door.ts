import { acceptSystemEvent, ownSource, partitionOf, sharedEventTypes, type Acceptance, type BankEvent, type DecisionRequest, type EventCorrection, type LineEvent, type RefusalOrigin, type Reject } from '@sp/contracts';
import type { Sequencer, Verdict } from '@sp/dataflow';
import type { EventCleaner } from './event-cleaner';
import type { LineClock } from './line-clock';
import { readPublicItem } from './public-item';
import { TypeFigures } from './type-figures';

export type ItemResult =
  | { readonly id: string; readonly status: 'accepted' | 'duplicate' }
  | { readonly id: string; readonly status: 'rejected'; readonly reason: Reject['code']; readonly field: string; readonly message: string };

/** Too much waits already: nothing is buffered without a bound. What was taken of the batch is known by its ids when it comes again. */
export class LineBusyError extends Error {
  override readonly name = 'LineBusyError';
}

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

export interface RejectedItem {
  readonly value: unknown;
  /** Its place in the batch. */
  readonly item: number;
  readonly reject: Reject;
}

export interface LineDoorOptions {
  readonly partitions: readonly Sequencer[];
  readonly control: Sequencer;
  readonly clock: LineClock;
  readonly lag: { isTooLong(): boolean };
  readonly cleaner: EventCleaner;
  readonly onRejected: (items: readonly RejectedItem[], origin: RefusalOrigin) => void;
}

const shared = new Set<string>([...sharedEventTypes, 'campaign.paused', 'merchant.paused', 'policy.published', 'experiment.published', 'model.activated', 'table.merged']);

/**
 * The one way into the line, whichever door an event came by: checks it, finds its place, answers when it is durable.
 * Events of a batch keep their order. A shared fact goes into the control log first and is then copied into every partition,
 * one fact at a time, so that all partitions have them in the control log's order.
 */
export class LineDoor {
  readonly #figures = new TypeFigures();
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
    const rejected: RejectedItem[] = [];
    const results: (ItemResult | Promise<ItemResult>)[] = [];
    for (const [index, value] of values.entries()) {
      const { acceptance, corrections } = read(value);
      const reject = acceptance.ok ? this.#refuse(acceptance.event) : acceptance.reject;
      if (!acceptance.ok || reject) {
        rejected.push({ value, item: firstItem + index, reject: reject! });
        results.push(rejection(acceptance.ok ? acceptance.event.id : acceptance.id, reject!));
        continue;
      }
      const placed = this.#placeClean(acceptance.event, corrections, { value, item: firstItem + index }, rejected);
      results.push(placed);
      // A shared fact stands before what follows it in the batch.
      if (shared.has(acceptance.event.type)) await placed.catch(() => undefined);
    }
    const settled = Promise.all(results).finally(() => {
      if (rejected.length > 0) this.options.onRejected(rejected, origin);
    });
    // Whoever asked may have ended before it settles.
    settled.catch(() => undefined);
    return { settled };
  }

  #readPublic(value: unknown, refuses: BatchFrom['refuses']): Read {
    const normalised = this.options.cleaner.normalise(value);
    const acceptance = readPublicItem(normalised.value);
    const reject = acceptance.ok ? refuses?.(acceptance.event) : undefined;
    return { acceptance: acceptance.ok && reject ? { ok: false, id: acceptance.event.id, reject } : acceptance, corrections: normalised.corrections };
  }

  #placeClean(event: LineEvent, corrections: readonly EventCorrection[], from: Omit<RejectedItem, 'reject'>, rejected: RejectedItem[]): Promise<ItemResult> {
    const { cleaner } = this.options;
    if (cleaner.isToldAgain(event)) return Promise.resolve({ id: event.id, status: 'duplicate' });
    this.#tickBefore(event.timeMs);
    const clean = cleaner.clean(event, corrections);
    const result = this.#place(clean).then((verdict) => {
      if (verdict === 'accepted') {
        cleaner.learn(clean);
        this.#figures.see(clean);
      } else if (verdict !== 'duplicate') cleaner.forget(clean);
      return this.#answer(event, verdict, from, rejected);
    });
    result.catch(() => undefined);
    return result;
  }

  #refuse(event: LineEvent): Reject | undefined {
    if (!this.options.clock.isTooFarAhead(event.timeMs)) return undefined;
    return { code: 'too-far-ahead', field: 'time', message: `is far ahead of the line's own time, ${new Date(this.options.clock.nowMs()).toISOString()}` };
  }

  #tickBefore(timeMs: number): void {
    const tick = this.options.clock.advanceBy(timeMs);
    if (tick) for (const partition of this.options.partitions) void partition.offer(tick).catch(() => undefined);
  }

  #place(event: LineEvent): Promise<Verdict> {
    return shared.has(event.type) ? this.#placeShared(event) : this.#partitionFor(event.subject).offer(event);
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
    return this.options.partitions[partitionOf(clientId, this.options.partitions.length)]!;
  }

  #answer(event: LineEvent, verdict: Verdict, from: Omit<RejectedItem, 'reject'>, rejected: RejectedItem[]): ItemResult {
    if (verdict === 'busy') throw new LineBusyError('the line is full');
    if (verdict === 'accepted' || verdict === 'duplicate') return { id: event.id, status: verdict };
    const reject = refusals[verdict];
    rejected.push({ ...from, reject });
    return rejection(event.id, reject);
  }
}

const refusals: Readonly<Record<'conflict' | 'too-old', Reject>> = {
  'conflict': { code: 'conflict', field: 'id', message: 'is known with other content; an event never changes, send a new one' },
  'too-old': { code: 'too-old', field: 'time', message: 'is more than a week behind the newest event, where a repetition can no longer be told' },
};

function rejection(id: string, reject: Reject): ItemResult {
  return { id, status: 'rejected', reason: reject.code, field: reject.field, message: reject.message };
}

/** `data` of a decision request as an event of the line. */
export function decisionRequest(options: { clientId: string; requestId: string; context: Record<string, unknown>; replySubject: string; timeMs: number }): DecisionRequest {
  const { clientId, requestId, context, replySubject, timeMs } = options;
  return { type: 'decision.requested', id: requestId, source: ownSource, subject: clientId, timeMs, data: { context, replySubject } };
}

import { acceptSystemEvent, ownSource, partitionOf, sharedEventTypes, type Acceptance, type DecisionRequest, type LineEvent, type RefusalOrigin, type Reject } from '@sp/contracts';
import type { Sequencer, Verdict } from '@sp/dataflow';
import type { LineClock } from './line-clock';
import { readPublicItem } from './public-item';

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
  readonly onRejected: (items: readonly RejectedItem[], origin: RefusalOrigin) => void;
}

const shared = new Set<string>([...sharedEventTypes, 'campaign.paused', 'merchant.paused', 'policy.published', 'model.activated', 'table.merged']);

/**
 * The one way into the line, whichever door an event came by: checks it, finds its place, answers when it is durable.
 * Events of a batch keep their order. A shared fact goes into the control log first and is then copied into every partition,
 * one fact at a time, so that all partitions have them in the control log's order.
 */
export class LineDoor {
  #sharedTurn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LineDoorOptions) {}

  /** Verdicts in the order of the values. Throws LineBusyError when the bound of what waits is reached. */
  async accept(values: readonly unknown[], origin: RefusalOrigin): Promise<ItemResult[]> {
    return [...(await (await this.offer(values, origin, 0)).settled)];
  }

  /** The same in pieces: resolves when all have their place in the order, before they are durable. `firstItem` is the first one's number in its request. */
  async offer(values: readonly unknown[], origin: RefusalOrigin, firstItem: number): Promise<Offered> {
    return this.#offerAll(values, origin, firstItem, readPublicItem);
  }

  /** The same for what the system's own services ask for. */
  async acceptControl(values: readonly unknown[], origin: RefusalOrigin): Promise<ItemResult[]> {
    return [...(await (await this.#offerAll(values, origin, 0, (value) => acceptSystemEvent(value, this.options.clock.nowMs()))).settled)];
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

  async #offerAll(values: readonly unknown[], origin: RefusalOrigin, firstItem: number, read: (value: unknown) => Acceptance | ReturnType<typeof acceptSystemEvent>): Promise<Offered> {
    if (this.options.lag.isTooLong()) throw new LineBusyError('the line is too far behind');
    const rejected: RejectedItem[] = [];
    const results: (ItemResult | Promise<ItemResult>)[] = [];
    for (const [index, value] of values.entries()) {
      const item = firstItem + index;
      const read_ = read(value);
      const reject = read_.ok ? this.#refuse(read_.event) : read_.reject;
      if (!read_.ok || reject) {
        const id = read_.ok ? read_.event.id : read_.id;
        rejected.push({ value, item, reject: reject! });
        results.push(rejection(id, reject!));
        continue;
      }
      this.#tickBefore(read_.event.timeMs);
      const placed = this.#place(read_.event);
      const result = placed.then((verdict) => this.#answer(read_.event, verdict, { value, item }, rejected));
      result.catch(() => undefined);
      results.push(result);
      // A shared fact stands before what follows it in the batch.
      if (shared.has(read_.event.type)) await placed;
    }
    const settled = Promise.all(results).finally(() => {
      if (rejected.length > 0) this.options.onRejected(rejected, origin);
    });
    // Whoever asked may have ended before it settles.
    settled.catch(() => undefined);
    return { settled };
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

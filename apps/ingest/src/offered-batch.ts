import { printWords, writePrints, type LineEvent, type Reject } from '@sp/contracts';

export type ItemResult =
  | { readonly id: string; readonly status: 'accepted' | 'duplicate' }
  | { readonly id: string; readonly status: 'rejected'; readonly reason: Reject['code']; readonly field: string; readonly message: string };

/** Too much waits already: nothing is buffered without a bound. What was taken of the batch is known by its ids when it comes again. */
export class LineBusyError extends Error {
  override readonly name = 'LineBusyError';
}

export interface RejectedItem {
  readonly value: unknown;
  /** Its place in the request. */
  readonly item: number;
  readonly reject: Reject;
}

/** Events of one batch for one partition, in their order; an item of -1 is a tick of the line's own. */
class Lane {
  #events: LineEvent[] = [];
  #items: number[] = [];

  push(event: LineEvent, item: number): void {
    this.#events.push(event);
    this.#items.push(item);
  }

  take(): { readonly events: readonly LineEvent[]; readonly items: readonly number[] } {
    const taken = { events: this.#events, items: this.#items };
    this.#events = [];
    this.#items = [];
    return taken;
  }
}

/** One batch on its way: its events by partition, their prints, and the verdicts as they come. No event has a promise of its own. */
export class OfferedBatch {
  readonly lanes: readonly Lane[];
  /** By item. */
  readonly prints: Uint32Array;
  readonly rejected: RejectedItem[] = [];
  /** The bound of what waits was reached for one of them. */
  isBusy = false;
  readonly #results: ItemResult[];
  readonly #waits: Promise<unknown>[] = [];

  constructor(
    partitions: number,
    private readonly values: readonly unknown[],
    private readonly firstItem: number,
  ) {
    this.lanes = Array.from({ length: partitions }, () => new Lane());
    this.prints = new Uint32Array(values.length * printWords);
    this.#results = new Array<ItemResult>(values.length);
  }

  answer(item: number, result: ItemResult): void {
    this.#results[item] = result;
  }

  reject(item: number, id: string, reject: Reject): void {
    this.rejected.push({ value: this.values[item], item: this.firstItem + item, reject });
    this.#results[item] = { id, status: 'rejected', reason: reject.code, field: reject.field, message: reject.message };
  }

  wait(work: Promise<unknown>): void {
    work.catch(() => undefined);
    this.#waits.push(work);
  }

  /** All verdicts, in the order of the items. */
  async settled(): Promise<readonly ItemResult[]> {
    await Promise.all(this.#waits);
    if (this.isBusy) throw new LineBusyError('the line is full');
    return this.#results;
  }

  /** The prints of a lane's events; of ticks they are made here. */
  printsOf(events: readonly LineEvent[], items: readonly number[]): Uint32Array {
    const prints = new Uint32Array(events.length * printWords);
    for (let index = 0; index < events.length; index++) {
      const from = items[index]! * printWords;
      if (from < 0) writePrints(events[index]!, prints, index * printWords);
      else for (let word = 0; word < printWords; word++) prints[index * printWords + word] = this.prints[from + word]!;
    }
    return prints;
  }
}

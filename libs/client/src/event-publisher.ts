import type { Envelope, EventVerdict } from '@sp/contracts';
import { EventsDoor, type EventsDoorOptions } from './events-door';

export interface PublisherOptions extends EventsDoorOptions {
  /** A batch goes out when it has so many events (500, at most 10,000) … */
  readonly maximumBatchEvents?: number;
  /** … or so many bytes (4 MB) … */
  readonly maximumBatchBytes?: number;
  /** … or when its first event has waited so long (20 ms). */
  readonly maximumDelayMs?: number;
  /** Events that wait or are under way (10,000); beyond it `enqueue` waits. */
  readonly maximumQueueEvents?: number;
}

export interface QueuedEvent {
  /** What became of it; rejects where the door could not be asked. */
  readonly verdict: Promise<EventVerdict>;
}

interface Waiting {
  readonly text: string;
  readonly bytes: number;
  readonly sinceMs: number;
  readonly answer: (verdict: EventVerdict) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Publishes events in batches, in the order in which they were handed over: one batch is under way, the next one gathers. Every event
 * gets its verdict; `accepted` and `duplicate` both mean that it is safely in the line. Ids are the caller's, so that a job which ends
 * in the middle and runs again sends nothing twice.
 */
export class EventPublisher {
  readonly #door: EventsDoor;
  readonly #bounds: Required<Pick<PublisherOptions, 'maximumBatchEvents' | 'maximumBatchBytes' | 'maximumDelayMs' | 'maximumQueueEvents'>>;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  /** Waiting or under way. */
  #held = 0;
  #waitingForRoom: (() => void)[] = [];
  #isRunning = false;
  #hurry: (() => void) | undefined;
  /** Counts of events since the beginning: handed over, answered (or failed), and up to which one nothing waits for company. */
  #handedOver = 0;
  #left = 0;
  #flushTo = 0;
  #waitingForFlush: (() => void)[] = [];
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#door = new EventsDoor(options);
    const { maximumBatchEvents = 500, maximumBatchBytes = 4_000_000, maximumDelayMs = 20, maximumQueueEvents = 10_000 } = options;
    this.#bounds = { maximumBatchEvents: Math.min(maximumBatchEvents, 10_000), maximumBatchBytes, maximumDelayMs, maximumQueueEvents };
  }

  /** Hands one event over and waits for its verdict. */
  async publish(event: Envelope): Promise<EventVerdict> {
    return (await this.enqueue(event)).verdict;
  }

  /** Resolves as soon as there is room for the event: await it before the next one, and nothing gathers without a bound. */
  async enqueue(event: Envelope): Promise<QueuedEvent> {
    if (this.#isClosed) throw new Error('the publisher is closed');
    const text = JSON.stringify(event);
    const bytes = Buffer.byteLength(text);
    this.#handedOver++;
    await this.#room();
    const verdict = new Promise<EventVerdict>((answer, fail) => this.#queue.push({ text, bytes, sinceMs: Date.now(), answer, fail }));
    // A caller who does not look at the verdict must not be ended by it.
    verdict.catch(() => undefined);
    this.#queuedBytes += bytes;
    if (!this.#isRunning) void this.#run();
    if (this.#isFull()) this.#hurry?.();
    return { verdict };
  }

  /** Until everything handed over so far has its verdict, or has failed. */
  async flush(): Promise<void> {
    const upTo = this.#handedOver;
    this.#flushTo = upTo;
    this.#hurry?.();
    while (this.#left < upTo) await new Promise<void>((resume) => this.#waitingForFlush.push(resume));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  /** A place is handed from who leaves to who waits longest, so that the order of the callers is kept. */
  async #room(): Promise<void> {
    if (this.#held < this.#bounds.maximumQueueEvents) this.#held++;
    else await new Promise<void>((resume) => this.#waitingForRoom.push(resume));
  }

  #leave(events: number): void {
    const successors = this.#waitingForRoom.splice(0, events);
    this.#held -= events - successors.length;
    this.#left += events;
    for (const resume of [...successors, ...this.#waitingForFlush.splice(0)]) resume();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#queue.length > 0) {
      await this.#due();
      const batch = this.#take();
      await this.#deliver(batch);
      this.#leave(batch.length);
    }
    this.#isRunning = false;
  }

  async #due(): Promise<void> {
    const waitMs = this.#queue[0]!.sinceMs + this.#bounds.maximumDelayMs - Date.now();
    if (waitMs <= 0 || this.#left < this.#flushTo || this.#isFull()) return;
    await new Promise<void>((resume) => {
      const timer = setTimeout(resume, waitMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resume();
      };
    });
    this.#hurry = undefined;
  }

  #isFull(): boolean {
    return this.#queue.length >= this.#bounds.maximumBatchEvents || this.#queuedBytes >= this.#bounds.maximumBatchBytes;
  }

  #take(): Waiting[] {
    let count = 0;
    for (let bytes = 0; count < Math.min(this.#queue.length, this.#bounds.maximumBatchEvents); count++) {
      bytes += this.#queue[count]!.bytes;
      if (count > 0 && bytes > this.#bounds.maximumBatchBytes) break;
    }
    const batch = this.#queue.splice(0, count);
    for (const { bytes } of batch) this.#queuedBytes -= bytes;
    return batch;
  }

  async #deliver(batch: readonly Waiting[]): Promise<void> {
    try {
      const verdicts = await this.#door.send(batch.map(({ text }) => text));
      for (const [index, { answer }] of batch.entries()) answer(verdicts[index]!);
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }
}

import { bankDoor, type RefusalOrigin } from '@sp/contracts';
import { LmdbStateStore } from '@sp/lmdb';
import { metrics, keepTrying, pauseBeforeRetry } from '@sp/platform';
import { DeliverPolicy, type NatsConnection } from 'nats';
import { join } from 'node:path';
import type { LineDoor } from './line-door';
import { LineBusyError, type ItemResult } from './offered-batch';
import { MalformedText } from './public-item';

/** Answered together; bounds what is under way from this door. */
const maximumBatch = 200;

export interface BankSubscriptionOptions {
  readonly connection: NatsConnection;
  readonly door: LineDoor;
  readonly dataFolder: string;
  /** Settles when the letters of all that was refused are kept, or counted as lost. */
  readonly refusalsKept: () => Promise<void>;
}

/**
 * The NATS door: reads the stream BANK in order from a position of its own. The position is stored after the events are durable in the
 * line and what was refused is in the dead letters; what is read again after a crash is recognised by its identity, a letter by its id.
 */
export class BankSubscription {
  readonly #ending = new AbortController();
  readonly #store: LmdbStateStore;
  readonly #running: Promise<void>;

  constructor(private readonly options: BankSubscriptionOptions) {
    this.#store = new LmdbStateStore(join(options.dataFolder, 'bank-door'));
    this.#running = keepTrying(this.#ending.signal, () => this.#consume());
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await this.#store.close();
  }

  async #consume(): Promise<void> {
    const position = this.#store.position().input;
    const consumer = await this.options.connection.jetstream().consumers.get(bankDoor.stream, { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: position + 1 });
    const messages = await consumer.consume({ max_messages: 2 * maximumBatch, idle_heartbeat: 1_000, expires: 10_000 });
    const stop = (): void => void messages.close();
    this.#ending.signal.addEventListener('abort', stop);
    let batch: { readonly subject: string; readonly text: string; readonly sequence: number }[] = [];
    try {
      if (this.#ending.signal.aborted) return;
      for await (const message of messages) {
        batch.push({ subject: message.subject, text: message.string(), sequence: message.seq });
        if (message.info.pending > 0 && batch.length < maximumBatch) continue;
        await this.#take(batch);
        batch = [];
      }
    } finally {
      this.#ending.signal.removeEventListener('abort', stop);
      void messages.close();
    }
  }

  async #take(batch: readonly { subject: string; text: string; sequence: number }[]): Promise<void> {
    for (const { subject, text, sequence } of batch) {
      count(await this.#acceptPatiently(parse(text), { door: subject === bankDoor.controlRequests ? 'control' : 'bank', sequence }));
    }
    await this.options.refusalsKept();
    await this.#store.commit({ position: { input: batch.at(-1)!.sequence, output: 0 }, values: new Map(), timers: new Map() });
  }

  async #acceptPatiently(values: readonly unknown[], origin: RefusalOrigin): Promise<ItemResult[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await (origin.door === 'control' ? this.options.door.acceptControl(values, origin) : this.options.door.accept(values, origin));
      } catch (error) {
        if (!(error instanceof LineBusyError)) throw error;
        await pauseBeforeRetry(attempt);
      }
    }
  }
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return [new MalformedText('', text)];
  }
}

export function count(results: readonly ItemResult[]): { accepted: number; duplicates: number; rejected: number } {
  const counts = { accepted: 0, duplicate: 0, rejected: 0 };
  for (const { status } of results) counts[status]++;
  metrics.eventsAccepted.inc(counts.accepted);
  metrics.eventsDuplicate.inc(counts.duplicate);
  return { accepted: counts.accepted, duplicates: counts.duplicate, rejected: counts.rejected };
}

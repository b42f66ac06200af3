import { setTimeout as delay } from 'node:timers/promises';
import type { Account, Item } from './account';
import type { Door } from './door';
import type { Produced } from './produced';

export interface SenderOptions {
  readonly batchEvents: number;
  /** Infinity: as fast as the door takes them. */
  readonly eventsPerSecond: number;
  /** Asked before each batch; true ends the replay after what was read so far. */
  readonly isStopped?: () => boolean;
}

/** Sends in order, one batch in flight; the next one is read meanwhile. */
export async function sendAll(produced: AsyncIterable<Produced>, door: Door, account: Account, options: SenderOptions): Promise<void> {
  const startedMs = Date.now();
  let inFlight: Promise<void> = Promise.resolve();
  for await (const batch of batches(produced, account, options)) {
    await inFlight;
    await pace(account.eventsSent, startedMs, options.eventsPerSecond);
    inFlight = deliver(batch, door, account);
    // The error is thrown where it is awaited, in the next round; until then it must not end the process.
    inFlight.catch(() => undefined);
  }
  await inFlight;
}

async function deliver(batch: readonly Item[], door: Door, account: Account): Promise<void> {
  for (const item of batch) account.sent(item);
  const verdicts = await door.send(batch.map(({ event }) => event));
  account.resentBatches = door.resentBatches;
  for (const [index, item] of batch.entries()) {
    const verdict = verdicts[index];
    if (verdict) account.answered(item, verdict);
  }
}

async function* batches(produced: AsyncIterable<Produced>, account: Account, options: SenderOptions): AsyncGenerator<Item[]> {
  const size = Math.max(1, Math.min(options.batchEvents, Math.ceil(options.eventsPerSecond / 2)));
  let batch: Item[] = [];
  for await (const one of produced) {
    if (one.kind === 'passed-over') account.passOver(one.what, one.lines);
    else if (one.kind === 'rejected') account.reject(one);
    else batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
    if (options.isStopped?.()) return;
  }
  if (batch.length > 0) yield batch;
}

async function pace(eventsSent: number, startedMs: number, eventsPerSecond: number): Promise<void> {
  const dueMs = startedMs + (eventsSent / eventsPerSecond) * 1000;
  if (dueMs > Date.now()) await delay(dueMs - Date.now());
}

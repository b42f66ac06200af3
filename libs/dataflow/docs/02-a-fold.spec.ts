import type { LineEvent, PurchaseReversed } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { decodeFrame, encodeFrame, flow, StageRunner, type Fold, type FoldScope } from '../src/index';
import { InMemoryLog, InMemoryStateStore } from '../src/testing';
import { describe, expect, it } from 'vitest';

// Chapter 2. A stage is a fold: an event comes, state changes, events go out. The fold says what; the runner reads, appends and commits.

/** Takes note of each purchase, and when one is reversed tells what it was worth. What the bank's app did is of no use later on. */
function openPurchases({ state }: FoldScope): Fold<'feature-store'> {
  return {
    onEvent(event, emit) {
      if (event.type === 'transaction.authorised') state.put(`purchase:${event.data.transactionId}`, event.data.amountMinor);
      if (event.type === 'transaction.reversed') {
        const amountMinor = state.get<number>(`purchase:${event.data.transactionId}`);
        if (amountMinor !== undefined) emit(reversed(event, event.data.transactionId, amountMinor));
        state.delete(`purchase:${event.data.transactionId}`);
      }
      return event.type === 'client.acted' ? 'drop' : 'pass';
    },
  };
}

function reversed({ id, subject, timeMs }: LineEvent, transactionId: string, amountMinor: number): PurchaseReversed {
  return { type: 'purchase.reversed', id, source: 'chapter', subject, timeMs, data: { transactionId, amountMinor, isWhole: true, currency: 'EUR', channel: 'offline' } };
}

// Read from left to right. `emit` takes what a feature store may add and nothing else: another event does not compile.
const purchases = flow('feature-store').from('ingest').fold('purchases', { late: 'count-and-update' }, openPurchases).to('feature-store');

const bought = anEvent('transaction.authorised', { id: 'bought', data: { transactionId: 't-1', amountMinor: 700 } });
const tookBack = anEvent('transaction.reversed', { id: 'took-back', data: { transactionId: 't-1' } });
const looked = anEvent('client.acted', { id: 'looked' });

async function run(frames: readonly (readonly LineEvent[])[], store = new InMemoryStateStore()): Promise<string[][]> {
  const [input, output, stop] = [new InMemoryLog(), new InMemoryLog(), new AbortController()];
  frames.forEach((events, index) => input.push(encodeFrame({ partition: 0, from: index + 1, to: index + 1, sequencedAtMs: 0, events })));
  const observer = { batchLogged: () => void (output.messages.length === frames.length && stop.abort()) };
  await new StageRunner({ flow: purchases, partition: 0, partitions: 1, input, output, store, owner: 'chapter', pause: () => Promise.resolve(), observer }).run(stop.signal);
  return output.messages.map(({ bytes }) => decodeFrame(bytes).events.map(({ type, id }) => `${type} ${id}`));
}

describe('a fold', () => {
  it('passes events on, drops what nobody needs, and adds its own behind the event that caused it', async () => {
    expect(await run([[bought, looked, tookBack]])).toEqual([['transaction.authorised bought', 'transaction.reversed took-back', 'purchase.reversed took-back']]);
  });

  it('gives one output frame for each input frame, be it empty', async () => {
    expect(await run([[looked], [bought], []])).toEqual([[], ['transaction.authorised bought'], []]);
  });

  it('knows of earlier frames by its state alone, which is committed with the positions of both logs', async () => {
    const store = new InMemoryStateStore();
    await run([[bought], [looked]], store);
    expect(store.position()).toEqual({ input: 2, output: 2 });
    expect([...store.entries('purchase:')].map(([key]) => key)).toEqual(['purchase:t-1']);
    expect((await run([[bought], [tookBack]]))[1]).toContain('purchase.reversed took-back');
  });
});

import type { LineEvent } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from './frame';
import { InMemoryLog } from './in-memory-log';
import { InMemoryStateStore } from './in-memory-state-store';
import { Sequencer } from './sequencer';

const dayMs = 86_400_000;

async function open(log = new InMemoryLog(), store = new InMemoryStateStore(), maximumWaiting = 1_000): Promise<Sequencer> {
  const sequencer = new Sequencer({ partition: 0, output: log, ownLog: log, store, owner: String(Math.random()), pause: () => Promise.resolve(), nowMs: () => 0, maximumWaiting });
  await sequencer.open();
  return sequencer;
}

const logged = (log: InMemoryLog): string[] => log.messages.flatMap(({ bytes }) => decodeFrame(bytes).events.map(({ id }) => id));
const offerAll = (sequencer: Sequencer, events: readonly LineEvent[]): Promise<string[]> => Promise.all(events.map((event) => sequencer.offer(event)));

describe('the sequencer', () => {
  it('accepts an identity once, within a request and across requests', async () => {
    const log = new InMemoryLog();
    const sequencer = await open(log);
    const event = anEvent('client.acted', { id: 'once' });
    expect(await offerAll(sequencer, [event, event])).toEqual(['accepted', 'duplicate']);
    expect(await sequencer.offer(event)).toBe('duplicate');
    expect(logged(log)).toEqual(['once']);
  });

  it('tells another content under a known identity', async () => {
    const sequencer = await open();
    await sequencer.offer(anEvent('client.acted', { id: 'x', data: { action: 'search' } }));
    expect(await sequencer.offer(anEvent('client.acted', { id: 'x', data: { action: 'app-opened' } }))).toBe('conflict');
  });

  it('knows what was logged but not committed when a crash fell between', async () => {
    const log = new InMemoryLog();
    await offerAll(await open(log), [anEvent('client.acted', { id: 'a' }), anEvent('client.acted', { id: 'b' })]);
    const reborn = await open(log, new InMemoryStateStore());
    expect(await offerAll(reborn, [anEvent('client.acted', { id: 'b' }), anEvent('client.acted', { id: 'c' })])).toEqual(['duplicate', 'accepted']);
    expect(logged(log)).toEqual(['a', 'b', 'c']);
  });

  it('puts what arrives during an append into one frame', async () => {
    const log = new InMemoryLog();
    await offerAll(await open(log), Array.from({ length: 600 }, () => anEvent('client.acted')));
    expect(log.messages.map(({ bytes }) => decodeFrame(bytes).events.length)).toEqual([256, 256, 88]);
  });

  it('refuses what is over its bound instead of buffering it', async () => {
    const verdicts = await offerAll(await open(undefined, undefined, 10), Array.from({ length: 12 }, () => anEvent('client.acted')));
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(2);
  });

  it('remembers an identity for at least seven days of event time, and refuses what is older than its memory', async () => {
    const store = new InMemoryStateStore();
    const sequencer = await open(undefined, store);
    const early = anEvent('client.acted', { id: 'early', timeMs: mondayMs });
    await sequencer.offer(early);
    await sequencer.offer(anEvent('client.acted', { timeMs: mondayMs + 6.9 * dayMs }));
    expect(await sequencer.offer(early)).toBe('duplicate');
    for (let day = 7; day <= 35; day += 7) await sequencer.offer(anEvent('client.acted', { timeMs: mondayMs + day * dayMs }));
    expect([...store.entries('ids:')].length).toBeLessThanOrEqual(3);
    expect(await sequencer.offer(early)).toBe('too-old');
  });

  it('lets a busy span go in pieces, so that no commit takes long, and forgets nothing younger', async () => {
    const store = new InMemoryStateStore();
    const sequencer = await open(undefined, store, 10_000);
    for (let index = 0; index < 100; index++) await sequencer.offer(anEvent('client.acted', { id: `old-${index}` }));
    await sequencer.offer(anEvent('client.acted', { id: 'week-1', timeMs: mondayMs + 7 * dayMs }));
    const young = anEvent('client.acted', { id: 'week-2', timeMs: mondayMs + 14 * dayMs });
    const sizes: number[] = [];
    for (const event of [young, ...Array.from({ length: 4 }, (_, index) => anEvent('client.acted', { id: `then-${index}`, timeMs: mondayMs + 14 * dayMs }))]) {
      await sequencer.offer(event);
      sizes.push([...store.entries('ids:')].length);
    }
    // Each commit adds a value of its own.
    expect(sizes.map((size, index) => (index === 0 ? 101 : sizes[index - 1]!) - size).every((gone) => gone <= 16)).toBe(true);
    for (let index = 0; index < 8; index++) await sequencer.offer(anEvent('client.acted', { id: `last-${index}`, timeMs: mondayMs + 14 * dayMs }));
    expect([...store.entries('ids:')].length).toBeLessThanOrEqual(14);
    expect(await sequencer.offer(young)).toBe('duplicate');
  });
});

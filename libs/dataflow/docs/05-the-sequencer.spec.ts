import type { LineEvent } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { decodeFrame, FencedError, Sequencer } from '../src/index';
import { InMemoryLog, InMemoryStateStore } from '../src/testing';
import { describe, expect, it } from 'vitest';

// Chapter 5. Everything after the first log is a repeatable calculation; the first log is where the world comes in. The sequencer gives
// each event its place there, once, however often it is sent.

const dayMs = 86_400_000;

async function open(log: InMemoryLog, store = new InMemoryStateStore(), owner = 'first'): Promise<Sequencer> {
  const sequencer = new Sequencer({ partition: 0, output: log, ownLog: log, store, owner, pause: () => Promise.resolve(), nowMs: () => 0 });
  await sequencer.open();
  return sequencer;
}

const acted = (id: string, days = 0): LineEvent => anEvent('client.acted', { id, timeMs: mondayMs + days * dayMs });
const frames = (log: InMemoryLog): string[][] => log.messages.map(({ bytes }) => decodeFrame(bytes).events.map(({ id }) => id));

describe('the sequencer', () => {
  it('answers when the event is durable; what came together goes into one frame', async () => {
    const log = new InMemoryLog();
    const sequencer = await open(log);
    expect(await Promise.all([sequencer.offer(acted('a')), sequencer.offer(acted('b'))])).toEqual(['accepted', 'accepted']);
    expect(frames(log)).toEqual([['a', 'b']]);
  });

  it('an event is known by source, subject and id: sent again it is a duplicate, with other content a conflict', async () => {
    const sequencer = await open(new InMemoryLog());
    expect(await Promise.all([sequencer.offer(acted('a')), sequencer.offer(acted('a'))])).toEqual(['accepted', 'duplicate']);
    expect(await sequencer.offer(acted('a', 1))).toBe('conflict');
  });

  it('a client that heard no answer sends again, to whoever is there: what the log holds is known even without the state', async () => {
    const log = new InMemoryLog();
    await (await open(log)).offer(acted('a'));
    const successor = await open(log, new InMemoryStateStore(), 'second');
    expect(await successor.offer(acted('a'))).toBe('duplicate');
    expect(frames(log)).toEqual([['a']]);
  });

  it('one that has been replaced answers with an error, never with a verdict', async () => {
    const log = new InMemoryLog();
    const [replaced, successor] = [await open(log), await open(log, new InMemoryStateStore(), 'second')];
    await successor.offer(acted('a'));
    await expect(replaced.offer(acted('b'))).rejects.toThrow(FencedError);
    expect(await successor.offer(acted('b'))).toBe('accepted');
  });

  it('identities are remembered for a week or two of event time; what is older is refused, since nobody could tell a repetition', async () => {
    const sequencer = await open(new InMemoryLog());
    await sequencer.offer(acted('early'));
    await sequencer.offer(acted('late', 30));
    expect(await sequencer.offer(acted('early'))).toBe('too-old');
  });

  it('shared facts are copied from a log of their own and bear their place there: copied again, even a month later, they change nothing', async () => {
    const [log, store] = [new InMemoryLog(), new InMemoryStateStore()];
    const fact = anEvent('campaign.published', { id: 'k' });
    const sequencer = await open(log, store);
    expect(await sequencer.offer(fact, 7)).toBe('accepted');
    await sequencer.offer(acted('much later', 30));
    const reborn = await open(log, store, 'second');
    expect([reborn.mark, await reborn.offer(fact, 7)]).toEqual([7, 'duplicate']);
  });
});

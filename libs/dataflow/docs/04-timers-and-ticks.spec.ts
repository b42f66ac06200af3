import type { DecisionDue, LineEvent } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { decodeFrame, encodeFrame, flow, StageRunner, Timers } from '../src/index';
import { InMemoryLog, InMemoryStateStore } from '../src/testing';
import { describe, expect, it } from 'vitest';

// Chapter 4. No fold reads a clock. Time comes with the events, and where none come, with ticks that stand in the log like any other
// event: so a replay wakes whom the first run woke, at the same place.

const minuteMs = 60_000;
const tick = (minute: number): LineEvent => ({ type: 'clock.ticked', id: `tick-${minute}`, source: 'chapter', subject: 'clock', timeMs: mondayMs + minute * minuteMs, data: {} });
const opens = (client: string, minute: number): LineEvent => anEvent('client.acted', { id: `${client}-${minute}`, subject: client, timeMs: mondayMs + minute * minuteMs });
const due = (client: string, timeMs: number): DecisionDue => ({ type: 'decision.due', id: `${client} after ${(timeMs - mondayMs) / minuteMs}`, source: 'chapter', subject: client, timeMs, data: {} as DecisionDue['data'] });

/** Ten minutes after a client last opened the app a decision is due. */
const waiting = flow('feature-store').from('ingest').fold('wait', { late: 'count-and-update' }, ({ timers }) => ({
  onEvent(event) {
    if (event.type === 'client.acted') timers.set(event.subject, event.timeMs + 10 * minuteMs);
    return 'drop';
  },
  onTimer: (client, timeMs, emit) => emit(due(client, timeMs)),
})).to('feature-store');

async function run(frames: readonly (readonly LineEvent[])[], store = new InMemoryStateStore()): Promise<string[]> {
  const [input, output, stop] = [new InMemoryLog(), new InMemoryLog(), new AbortController()];
  frames.forEach((events, index) => input.push(encodeFrame({ partition: 0, from: index + 1, to: index + 1, sequencedAtMs: 0, events })));
  const observer = { batchLogged: () => void (output.messages.length === frames.length && stop.abort()) };
  await new StageRunner({ flow: waiting, partition: 0, partitions: 1, input, output, store, owner: 'chapter', pause: () => Promise.resolve(), observer }).run(stop.signal);
  return output.messages.flatMap(({ bytes }) => decodeFrame(bytes).events.map(({ id }) => id));
}

describe('timers and ticks', () => {
  it('a timer wakes at the first tick that has reached it', async () => {
    expect(await run([[opens('ada', 0), tick(9)], [tick(10)], [tick(11)]])).toEqual(['ada after 10']);
  });

  it('one timer a key: a later setting takes the place of the earlier one', async () => {
    expect(await run([[opens('ada', 0), opens('ada', 5)], [tick(10)], [tick(15)]])).toEqual(['ada after 15']);
  });

  it('a clock that leaps wakes everybody whom it passed, in the order of their times, then of their keys', async () => {
    expect(await run([[opens('cyd', 1), opens('bob', 0), opens('ada', 1)], [tick(60)]])).toEqual(['bob after 60', 'ada after 60', 'cyd after 60']);
  });

  it('timers are state: they are committed with it and outlive the process', async () => {
    const store = new InMemoryStateStore();
    await run([[opens('ada', 0)]], store);
    const timers = new Timers(store.timers());
    expect([timers.takeDue(mondayMs + 9 * minuteMs), timers.takeDue(mondayMs + 10 * minuteMs)]).toEqual([undefined, 'ada']);
  });

  it('at most 200 are woken within one frame, so that it keeps its size; the others come with the next', async () => {
    const crowd = Array.from({ length: 250 }, (_, number) => opens(`c-${String(number).padStart(3, '0')}`, 0));
    const woken = await run([crowd, [tick(10)], [tick(11)]]);
    expect(woken.filter((id) => id.endsWith('after 10'))).toHaveLength(200);
    expect(woken.at(-1)).toBe('c-249 after 11');
  });
});

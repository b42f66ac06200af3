import { anEvent } from '@sp/contracts/testing';
import type { DecisionDue, LineEvent } from '@sp/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FencedError } from './fenced-appender';
import { flow, type Fold, type FoldScope } from './flow';
import { decodeFrame, encodeFrame } from './frame';
import { InMemoryLog } from './in-memory-log';
import { InMemoryStateStore } from './in-memory-state-store';
import { KeyedState } from './keyed-state';
import { StageRunner } from './stage-runner';

/** Counts purchases of a client; every third makes a decision due, a tick wakes those who bought and have a timer. */
function countingFold({ state, timers }: FoldScope): Fold<'feature-store'> {
  const due = (client: string, timeMs: number, count: number): DecisionDue => ({ type: 'decision.due', id: `${client}-${count}`, source: 'test', subject: client, timeMs, data: { trigger: String(count) } as DecisionDue['data'] });
  return {
    onEvent(event, emit) {
      if (event.type !== 'transaction.authorised') return event.type === 'client.acted' ? 'drop' : 'pass';
      const count = (state.get<number>(event.subject) ?? 0) + 1;
      state.put(event.subject, count);
      timers.set(event.subject, event.timeMs + 1_000);
      if (count % 3 === 0) emit(due(event.subject, event.timeMs, count));
      return 'pass';
    },
    onTimer: (client, timeMs, emit) => emit(due(client, timeMs, -(state.get<number>(client) ?? 0))),
  };
}

const counting = flow('feature-store').from('ingest').fold('count', { late: 'count-and-update' }, countingFold).to('feature-store');

function inputOf(frames: readonly (readonly LineEvent[])[]): InMemoryLog {
  const log = new InMemoryLog();
  frames.forEach((events, index) => log.push(encodeFrame({ partition: 0, from: index + 1, to: index + 1, sequencedAtMs: 0, events })));
  return log;
}

const outputsOf = (log: InMemoryLog): LineEvent[] => log.messages.flatMap(({ bytes }) => [...decodeFrame(bytes).events]);

/** Runs until the input is read through, or until the fault ends the process. */
async function runThrough(input: InMemoryLog, output: InMemoryLog, store: InMemoryStateStore, owner: string, batch = 4, maximumOutputEvents = 512): Promise<void> {
  const stop = new AbortController();
  const runner = new StageRunner({
    flow: counting, partition: 0, partitions: 1, input, output, store, owner, maximumBatchFrames: batch, maximumOutputEvents, pause: () => Promise.resolve(),
    observer: { batchLogged: () => store.position().input === input.messages.length && stop.abort() },
  });
  if (store.position().input === input.messages.length) return;
  await runner.run(stop.signal);
}

const eventArbitrary = fc.oneof(
  fc.record({ client: fc.constantFrom('a', 'b', 'c'), timeMs: fc.nat(10_000) }).map(({ client, timeMs }) => anEvent('transaction.authorised', { subject: client, timeMs })),
  fc.nat(10_000).map((timeMs): LineEvent => ({ type: 'clock.ticked', id: `tick-${timeMs}`, source: 'test', subject: 'clock', timeMs, data: {} })),
  fc.constant(anEvent('client.acted')),
);
const framesArbitrary = fc.array(fc.array(eventArbitrary, { maxLength: 5 }), { minLength: 1, maxLength: 20 });

describe('a stage', () => {
  it('appends one frame for an input frame, with what it passes on and what it adds in their order', async () => {
    const purchase = (): LineEvent => anEvent('transaction.authorised', { timeMs: 0 });
    const [input, output] = [inputOf([[purchase(), purchase()], [anEvent('client.acted')], [purchase()]]), new InMemoryLog()];
    await runThrough(input, output, new InMemoryStateStore(), 'one');
    expect(output.messages.map(({ bytes }) => decodeFrame(bytes).events.map(({ type }) => type))).toEqual([['transaction.authorised', 'transaction.authorised'], [], ['transaction.authorised', 'decision.due']]);
  });

  it('writes the same log whatever the batches, lost answers and crashes', async () => {
    await fc.assert(
      fc.asyncProperty(framesArbitrary, fc.array(fc.constantFrom('none', 'lose-request', 'lose-answer', 'crash'), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), async (frames, faults, batch) => {
        const calm = new InMemoryLog();
        await runThrough(inputOf(frames), calm, new InMemoryStateStore(), 'calm');

        const [input, output, store] = [inputOf(frames), new InMemoryLog(), new InMemoryStateStore()];
        const rest = [...faults];
        output.disturb = () => {
          const fault = rest.shift() ?? 'none';
          if (fault === 'crash') throw new Error('crash');
          return fault as 'none';
        };
        for (let life = 0; store.position().input < input.messages.length; life++) {
          await runThrough(input, output, store, `life-${life}`, batch).catch((error: Error) => expect(error.message).toBe('crash'));
        }
        expect(outputsOf(output)).toEqual(outputsOf(calm));
        expect(output.messages.map(({ to }) => to)).toEqual(input.messages.map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('cuts what would be too large into parts, each there once, whatever the crashes between them', async () => {
    await fc.assert(
      fc.asyncProperty(framesArbitrary, fc.array(fc.constantFrom('none', 'lose-request', 'lose-answer', 'crash'), { maxLength: 30 }), async (frames, faults) => {
        const calm = new InMemoryLog();
        await runThrough(inputOf(frames), calm, new InMemoryStateStore(), 'calm');
        const [input, output, store] = [inputOf(frames), new InMemoryLog(), new InMemoryStateStore()];
        const rest = [...faults];
        output.disturb = () => {
          const fault = rest.shift() ?? 'none';
          if (fault === 'crash') throw new Error('crash');
          return fault as 'none';
        };
        for (let life = 0; store.position().input < input.messages.length; life++) {
          await runThrough(input, output, store, `life-${life}`, 4, 2).catch((error: Error) => expect(error.message).toBe('crash'));
        }
        expect(outputsOf(output)).toEqual(outputsOf(calm));
        expect(Math.max(...output.messages.map(({ bytes }) => decodeFrame(bytes).events.length))).toBeLessThanOrEqual(2);
        expect(output.messages.filter(({ to }) => Number.isInteger(to)).map(({ to }) => to)).toEqual(input.messages.map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('wakes a bounded number a frame, however many ticks it holds, and the rest at the next', async () => {
    const tick = (timeMs: number): LineEvent => ({ type: 'clock.ticked', id: `tick-${timeMs}`, source: 'test', subject: 'clock', timeMs, data: {} });
    const clients = Array.from({ length: 450 }, (_, index) => anEvent('transaction.authorised', { subject: `c-${index}`, timeMs: 0 }));
    const [input, output] = [inputOf([clients, [tick(5_000), tick(6_000), tick(7_000)], [tick(8_000)], [tick(9_000)]]), new InMemoryLog()];
    await runThrough(input, output, new InMemoryStateStore(), 'one');
    const due = output.messages.map(({ bytes }) => decodeFrame(bytes).events.filter(({ type }) => type === 'decision.due').length);
    expect(due).toEqual([0, 200, 200, 50]);
  });

  it('counts what is behind the last tick', async () => {
    const tick: LineEvent = { type: 'clock.ticked', id: 'tick', source: 'test', subject: 'clock', timeMs: 5_000, data: {} };
    const counted: number[] = [];
    const input = inputOf([[anEvent('client.acted', { timeMs: 4_000 }), tick, anEvent('client.acted', { timeMs: 4_999 }), anEvent('client.acted', { timeMs: 5_000 })]]);
    const stop = new AbortController();
    const observer = { batchLogged: ({ late }: { late: number }) => (counted.push(late), stop.abort()) };
    await new StageRunner({ flow: counting, partition: 0, partitions: 1, input, output: new InMemoryLog(), store: new InMemoryStateStore(), owner: 'one', pause: () => Promise.resolve(), observer }).run(stop.signal);
    expect(counted).toEqual([1]);
  });

  it('folds late events or hands them on unseen, as its flow declares, and counts them either way; the last tick outlives a restart', async () => {
    const tick: LineEvent = { type: 'clock.ticked', id: 'tick', source: 'test', subject: 'clock', timeMs: 5_000, data: {} };
    const late = (): LineEvent => anEvent('transaction.authorised', { subject: 'c', timeMs: 4_000 });
    for (const [policy, folded] of [['count-and-update', 2], ['count-and-hand-on', 0]] as const) {
      const [input, output, store] = [new InMemoryLog(), new InMemoryLog(), new InMemoryStateStore()];
      const counted: number[] = [];
      for (const [position, events] of [[1, [tick]], [2, [late(), late()]]] as const) {
        input.push(encodeFrame({ partition: 0, from: position, to: position, sequencedAtMs: 0, events }));
        const stop = new AbortController();
        const observer = { batchLogged: ({ late: times, to }: { late: number; to: number }) => (counted.push(times), to === position && stop.abort()) };
        await new StageRunner({ flow: { ...counting, late: policy }, partition: 0, partitions: 1, input, output, store, owner: `one-${position}`, pause: () => Promise.resolve(), observer, maximumBatchFrames: 1 }).run(stop.signal);
      }
      expect(counted).toEqual([0, 2]);
      expect(outputsOf(output).filter(({ type }) => type === 'transaction.authorised')).toHaveLength(2);
      expect(new KeyedState(store).get('c') ?? 0).toBe(folded);
    }
  });

  const refusing = flow('scorer').from('feature-store').fold('refuse', { late: 'count-and-update' }, () => ({
    onEvent: ({ type }) => (type === 'client.acted' ? { code: 'unknown-original', field: 'data', message: 'no' } : 'pass'),
  })).call('model', (events) => Promise.resolve(events)).to('scorer');

  it('takes what a fold refuses to the dead letters, with its place, before it commits, and not to the next stage', async () => {
    const [input, output, store, stop] = [inputOf([[anEvent('client.located'), anEvent('client.acted', { id: 'bad' })]]), new InMemoryLog(), new InMemoryStateStore(), new AbortController()];
    const letters: unknown[] = [];
    const run = { flow: refusing, partition: 3, partitions: 4, input, output, store, owner: 'one', pause: () => Promise.resolve(), observer: { batchLogged: () => stop.abort() } };
    await new StageRunner({ ...run, carryRejected: (rejected) => (letters.push([...rejected], store.position().input), Promise.resolve()) }).run(stop.signal);
    expect(letters).toEqual([[expect.objectContaining({ stage: 'scorer', step: 'refuse', position: 1, item: 1, event: expect.objectContaining({ id: 'bad' }), reject: expect.objectContaining({ code: 'unknown-original' }) })], 0]);
    expect(outputsOf(output).map(({ type }) => type)).toEqual(['client.located']);
    await expect(new StageRunner({ ...run, store: new InMemoryStateStore(), output: new InMemoryLog() }).run(new AbortController().signal)).rejects.toThrow('scorer/refuse refuses bad');
  });

  it('tells its observer the steps of a batch by their names', async () => {
    const steps: string[] = [];
    const stop = new AbortController();
    const observer = { stepBegan: (step: string) => (events: number) => void steps.push(`${step} ${events}`), batchLogged: () => stop.abort() };
    await new StageRunner({ flow: counting, partition: 0, partitions: 1, input: inputOf([[anEvent('client.acted'), anEvent('client.located')]]), output: new InMemoryLog(), store: new InMemoryStateStore(), owner: 'one', pause: () => Promise.resolve(), observer }).run(stop.signal);
    expect(steps).toEqual(['decode 2', 'count 2', 'encode 1', 'append 2', 'commit 2']);
  });

  it('folds on while frames are under way, at most one batch ahead of the one that is written', async () => {
    const [input, output, store, stop] = [inputOf(Array.from({ length: 12 }, () => [anEvent('transaction.authorised')])), new InMemoryLog(), new InMemoryStateStore(), new AbortController()];
    const [answers, folded]: [(() => void)[], number[]] = [[], []];
    const append = output.append.bind(output);
    output.append = (...frame) => new Promise((resolve) => answers.push(() => void append(...frame).then(resolve)));
    const observer = { stepBegan: (step: string) => () => void (step === 'count' && folded.push(store.position().input)), batchLogged: ({ to }: { to: number }) => void (to === 12 && stop.abort()) };
    const running = new StageRunner({ flow: counting, partition: 0, partitions: 1, input, output, store, owner: 'one', pause: () => Promise.resolve(), maximumBatchFrames: 2, observer }).run(stop.signal);
    for (let turn = 0; turn < 200 && !stop.signal.aborted; turn++) {
      await new Promise((resume) => setImmediate(resume));
      if (turn === 0) expect([folded, output.messages.length]).toEqual([[0, 0, 0, 0], 0]);
      answers.shift()?.();
    }
    await running;
    expect([folded.length, output.messages.length, store.position()]).toEqual([12, 12, { input: 12, output: 12 }]);
  });

  it('stops when another writer has taken its log', async () => {
    const [input, output, store] = [inputOf([[anEvent('transaction.authorised')]]), new InMemoryLog(), new InMemoryStateStore()];
    output.disturb = ({ stored }) => (stored === 0 && output.push(new Uint8Array(), 1), 'none');
    await expect(runThrough(input, output, store, 'stale')).rejects.toThrow(FencedError);
    expect(store.position().input).toBe(0);
  });
});

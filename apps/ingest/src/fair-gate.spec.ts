import { describe, expect, it } from 'vitest';
import { FairGate, SourceBusyError, usualGate } from './fair-gate';
import { LineBusyError } from './offered-batch';

const settle = (): Promise<void> => new Promise((resume) => setImmediate(resume));

/** A gate that lets in one batch at a time, and who came in when. */
function narrow(over: Partial<typeof usualGate> = {}) {
  const gate = new FairGate({ ...usualGate, mostEventsUnderWay: 1, ...over });
  const order: string[] = [];
  const leaves: (() => void)[] = [];
  const come = async (source: string): Promise<void> => {
    const leave = await gate.enter(source, 10);
    order.push(source);
    leaves.push(leave);
  };
  return { gate, order, come, leaveOne: () => leaves.shift()?.() };
}

describe('the fair gate', () => {
  it('lets sources in by turns, however much one of them sends', async () => {
    const { order, come, leaveOne } = narrow();
    const flood = Array.from({ length: 100 }, () => come('flood'));
    const small = [come('a'), come('b'), come('a')];
    for (let turn = 0; turn < 8; turn++) {
      await settle();
      leaveOne();
    }
    await Promise.all(small);
    expect(order.slice(0, 8)).toEqual(['flood', 'flood', 'a', 'b', 'flood', 'a', 'flood', 'flood']);
    for (let turn = 0; turn < 100; turn++) {
      leaveOne();
      await settle();
    }
    await Promise.all(flood);
    expect(order).toHaveLength(103);
  });

  it('keeps the order of one source', async () => {
    const { gate, leaveOne, come } = narrow();
    await come('first');
    const entered: number[] = [];
    const all = [1, 2, 3].map(async (number) => {
      const leave = await gate.enter('x', 1);
      entered.push(number);
      leave();
    });
    leaveOne();
    await Promise.all(all);
    expect(entered).toEqual([1, 2, 3]);
  });

  it('asks only the source that floods to come again, and all of them when too much waits in all', async () => {
    const { gate, come } = narrow({ mostWaitingOfOne: 2, mostWaiting: 3, longestMs: 50 });
    await come('flood');
    const waiting = [gate.enter('flood', 1), gate.enter('flood', 1)].map((entering) => entering.catch((error: unknown) => error));
    await expect(gate.enter('flood', 1)).rejects.toBeInstanceOf(SourceBusyError);
    const other = gate.enter('other', 1).catch((error: unknown) => error);
    await expect(gate.enter('third', 1)).rejects.toBeInstanceOf(LineBusyError);
    // Nobody has left: their turn does not come, and they are told.
    for (const entering of [...waiting, other]) expect(await entering).toBeInstanceOf(LineBusyError);
  });

  it('lets nobody in while nothing comes through, and everybody when it does again', async () => {
    let nowMs = 0;
    const gate = new FairGate({ ...usualGate, nowMs: () => nowMs });
    const leave = await gate.enter('a', 1);
    nowMs = 20_000;
    await expect(gate.enter('b', 1)).rejects.toBeInstanceOf(LineBusyError);
    leave();
    leave();
    (await gate.enter('b', 1))();
  });
});

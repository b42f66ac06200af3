import { anEvent, mondayMs } from '@sp/contracts/testing';
import { ownSource, type LineEvent, type TableMerged } from '@sp/contracts';
import { decodeFrame, encodeFrame, flow, MergedTable, StageRunner, TableMerger, KeyedState } from '../src/index';
import { InMemoryLog, InMemoryStateStore } from '../src/testing';
import { describe, expect, it } from 'vitest';

// Chapter 6. A partition knows its own clients. What is true of all of them together, such as how often a merchant is paid, goes a round:
// a fold says what it has to add, a tick lets the sum out, the merger adds up all partitions, and the control log brings the table back to
// everybody, at one place of each log. Whoever decides by it notes its version: a replay finds the very same numbers there.

const visits = flow('feedback-loop').from('recommender').fold('count visits', { late: 'count-and-update' }, ({ deltas }) => ({
  onEvent(event) {
    if (event.type === 'transaction.authorised') deltas.add('merchant-statistics', event.data.merchantId!, { purchases: 1 });
    return event.type === 'clock.ticked' ? 'pass' : 'drop';
  },
})).to('feedback-loop');

const paid = (merchantId: string): LineEvent => anEvent('transaction.authorised', { data: { merchantId } });
const tick = (second: number): LineEvent => ({ type: 'clock.ticked', id: `tick-${second}`, source: ownSource, subject: 'clock', timeMs: mondayMs + second * 1_000, data: {} });

/** The log that one partition of the flow makes of these frames. */
async function logOf(...frames: (readonly LineEvent[])[]): Promise<InMemoryLog> {
  const [input, output, store, stop] = [new InMemoryLog(), new InMemoryLog(), new InMemoryStateStore(), new AbortController()];
  for (const events of frames) input.push(encodeFrame({ partition: 0, from: 1, to: 1, sequencedAtMs: 0, events }));
  const observer = { batchLogged: () => store.position().input === frames.length && stop.abort() };
  await new StageRunner({ flow: visits, partition: 0, partitions: 2, input, output, store, owner: 'one', pause: () => Promise.resolve(), observer }).run(stop.signal);
  return output;
}

/** Merges until both logs are read; answers the versions that it published. */
async function merge(logs: readonly InMemoryLog[], store = new InMemoryStateStore(), publish?: () => Promise<void>): Promise<TableMerged[]> {
  const [versions, stop] = [[] as TableMerged[], new AbortController()];
  const merger: TableMerger = new TableMerger({ table: 'merchant-statistics', inputs: logs, store, publish: (version) => (versions.push(version), publish?.() ?? Promise.resolve()) });
  const watching = setInterval(() => merger.positions.every((position, place) => position === logs[place]!.messages.length) && stop.abort(), 1);
  await merger.run(stop.signal).finally(() => clearInterval(watching));
  return versions;
}

describe('a merged table', () => {
  it('a tick lets out what was gathered, once, into the stage’s own log', async () => {
    const log = await logOf([paid('bakery'), paid('bakery'), tick(1)], [tick(2)]);
    const events = log.messages.map(({ bytes }) => decodeFrame(bytes).events);
    expect(events.map((frame) => frame.map(({ type }) => type))).toEqual([['clock.ticked', 'deltas.gathered'], ['clock.ticked']]);
    expect(events[0]![1]!.data).toMatchObject({ table: 'merchant-statistics', columns: ['purchases'], rows: [['bakery', 2]] });
  });

  it('a version is an instant that all partitions have passed; what lies behind it waits for the next one', async () => {
    const version = (await merge([await logOf([paid('bakery'), tick(1)], [paid('bakery'), tick(3)]), await logOf([paid('bakery'), paid('kiosk'), tick(2)])])).at(-1);
    expect(version).toMatchObject({ subject: 'merchant-statistics', data: { version: mondayMs + 2_000, rows: [['bakery', 2], ['kiosk', 1]] } });
  });

  it('a merger that dies before its version is kept begins again; no delta is lost or counted twice', async () => {
    const [logs, store] = [[await logOf([paid('bakery'), tick(1)], [paid('bakery'), tick(3)])], new InMemoryStateStore()];
    await expect(merge(logs, store, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
    expect((await merge(logs, store)).at(-1)?.data.rows).toEqual([['bakery', 2]]);
    expect(await merge(logs, store)).toEqual([]);
  });

  it('a fold reads it as it stands at that place of its log', () => {
    const table = new MergedTable(new KeyedState(new InMemoryStateStore()), 'merchant-statistics');
    expect([table.version, table.row('bakery')]).toEqual([0, undefined]);
    const version = (number: number, purchases: number): TableMerged => ({ type: 'table.merged', id: `v-${number}`, source: ownSource, subject: 'merchant-statistics', timeMs: number, data: { table: 'merchant-statistics', version: number, columns: ['purchases'], rows: [['bakery', purchases]] } });
    table.apply(version(2, 7));
    table.apply(version(1, 5));
    expect([table.version, table.row('bakery')]).toEqual([2, { purchases: 7 }]);
  });
});

import { rowsOfTable, sumOfRows, type DeltasGathered, type LineEvent, type NumberRow, type TableMerged } from '@sp/contracts';
import { isDeepStrictEqual } from 'node:util';
import { decodeFrame } from '../frame';
import { KeyedState } from '../keyed-state';
import type { StateStore } from '../state-store.port';
import { standingOf } from '../table-merger';
import type { SimulatedLog } from './simulated-log';
import { Violation } from './violation';
import type { World } from './world';

/** Each version that took its place in the line holds every delta up to its instant, counted once; versions grow; nothing is left behind. */
export function judgeMerged({ merger, merged, logs }: World): void {
  if (!merger || !merged) return;
  const gathered = logs.slice(1).flatMap(eventsOf).filter((event): event is DeltasGathered => event.type === 'deltas.gathered');
  const versions = eventsOf(logs[0]!).filter((event): event is TableMerged => event.type === 'table.merged');
  const told = new Map<string, NumberRow>();
  let last = 0;
  for (const { data } of versions) {
    if (data.version <= last) throw new Violation(`version ${data.version} of ${merged} came after ${last}`);
    last = data.version;
    for (const [key, row] of rowsOfTable(data)) told.set(key, row);
    judgeRows(`version ${last}`, told, sumsUpTo(gathered, last));
  }
  const ticks = logs.slice(1).map((log) => Math.max(0, ...eventsOf(log).filter(({ type }) => type === 'clock.ticked').map(({ timeMs }) => timeMs)));
  const left = gathered.filter(({ timeMs }) => timeMs > last && timeMs <= Math.min(...ticks) - 1_000);
  if (left.length > 0) throw new Violation(`${left.length} deltas, the first of ${left[0]!.timeMs}, never came into ${merged}, which stands at ${last}`);
  judgeStored(storeOf(merger.disk.values), sumsUpTo(gathered, standingOf(storeOf(merger.disk.values))?.mergedMs ?? 0));
}

function storeOf(values: ReadonlyMap<string, Uint8Array>): Pick<StateStore, 'get' | 'entries'> {
  return { get: (key) => values.get(key), entries: (prefix) => [...values].filter(([key]) => key.startsWith(prefix)) };
}

function judgeStored(store: Pick<StateStore, 'get' | 'entries'>, sums: ReadonlyMap<string, NumberRow>): void {
  const rows = new KeyedState(store as StateStore).entries<NumberRow>('row:');
  judgeRows('the merger', new Map([...rows].map(([key, row]) => [key.slice('row:'.length), row])), sums);
}

function sumsUpTo(gathered: readonly DeltasGathered[], timeMs: number): Map<string, NumberRow> {
  const sums = new Map<string, NumberRow>();
  for (const { data } of gathered.filter((event) => event.timeMs <= timeMs)) for (const [key, row] of rowsOfTable(data)) sums.set(key, sumOfRows(sums.get(key), row));
  return sums;
}

function judgeRows(who: string, rows: ReadonlyMap<string, NumberRow>, sums: ReadonlyMap<string, NumberRow>): void {
  const plain = (map: ReadonlyMap<string, NumberRow>) => Object.fromEntries([...map].map(([key, row]) => [key, Object.fromEntries(Object.entries(row).filter(([, number]) => number !== 0))]));
  if (!isDeepStrictEqual(plain(rows), plain(sums))) throw new Violation(`${who} says ${JSON.stringify(plain(rows))}, the deltas sum up to ${JSON.stringify(plain(sums))}`);
}

function eventsOf({ frames }: SimulatedLog): readonly LineEvent[] {
  return frames.flatMap(({ bytes }) => [...decodeFrame(bytes).events]);
}

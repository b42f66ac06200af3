import { expect, it } from 'vitest';
import { InMemoryStateStore } from './in-memory-state-store';
import { KeyedState } from './keyed-state';
import { StateTable, StateVersionError } from './state-table';

async function stored(put: (state: KeyedState) => void): Promise<KeyedState> {
  const store = new InMemoryStateStore();
  const state = new KeyedState(store);
  put(state);
  await store.commit({ position: { input: 1, output: 1 }, values: state.takeChanges(), timers: new Map() });
  return new KeyedState(store);
}

const first = { kind: 'client', version: 1 };
const third = { kind: 'client', version: 3, upcast: { 1: (value: unknown) => ({ name: value }), 2: (value: unknown) => ({ ...(value as object), visits: 0 }) } };

it('brings a value of an old version up to the present one, step by step', async () => {
  const state = await stored((old) => new StateTable<string>(old, first).put('c-1', 'Corner shop'));
  const table = new StateTable<{ name: string; visits: number }>(state, third);
  expect(table.get('c-1')).toEqual({ name: 'Corner shop', visits: 0 });
  expect([...table.values()]).toEqual([{ name: 'Corner shop', visits: 0 }]);
});

it('refuses what a newer build has written, and what no step leads from', async () => {
  const newer = await stored((state) => new StateTable(state, third).put('c-1', { name: 'x', visits: 1 }));
  expect(() => new StateTable(newer, first).get('c-1')).toThrow(StateVersionError);
  const older = await stored((state) => new StateTable(state, first).put('c-1', 'x'));
  expect(() => new StateTable(older, { kind: 'client', version: 2 }).get('c-1')).toThrow(/version 1 up to 2/);
});

it('keeps kinds apart and forgets what is deleted', async () => {
  const state = await stored((old) => {
    new StateTable(old, first).put('1', 'a');
    new StateTable(old, { kind: 'clients-of', version: 1 }).put('1', 'b');
    new StateTable(old, first).put('2', 'c');
    new StateTable(old, first).delete('2');
  });
  expect([...new StateTable(state, first).values()]).toEqual(['a']);
});

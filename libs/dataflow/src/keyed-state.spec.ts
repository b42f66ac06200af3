import { expect, it } from 'vitest';
import { InMemoryStateStore } from './in-memory-state-store';
import { KeyedState } from './keyed-state';

const nothing = { input: 0, output: 0 };

/** How many of so many values of that size still come from memory when all are read again. */
async function staysHot(values: number, bytes: number, bound: { keys?: number; bytes?: number }): Promise<number> {
  const store = new InMemoryStateStore();
  let read = 0;
  const counting = Object.assign(Object.create(store) as InMemoryStateStore, { get: (key: string) => (read++, store.get(key)) });
  const state = new KeyedState(counting, bound.keys, bound.bytes);
  for (let value = 0; value < values; value++) {
    state.put(`k-${value}`, 'x'.repeat(bytes));
    await store.commit({ position: nothing, values: state.takeChanges(), timers: new Map() });
    state.trim();
  }
  for (let value = 0; value < values; value++) expect(state.get(`k-${values - 1 - value}`)).toHaveLength(bytes);
  return values - read;
}

it('keeps hot what fits into the bound of bytes, few large values or many small ones', async () => {
  const [large, small] = [await staysHot(400, 10_000, { bytes: 10_000_000 }), await staysHot(400, 100, { bytes: 10_000_000 })];
  expect([large > 50 && large < 130, small]).toEqual([true, 400]);
});

it('keeps hot no more keys than its bound', async () => {
  expect(await staysHot(400, 10, { keys: 100 })).toBeLessThanOrEqual(100);
});

import { afterEach, expect, it } from 'vitest';
import type { StateStore } from './state-store.port';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value);

/** What every state store must do; `reopen` gives a fresh object over the same place. */
export function stateStoreSuite(open: () => { readonly store: StateStore; readonly reopen: () => Promise<StateStore> }): void {
  let opened: StateStore[] = [];
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened = [];
  });
  const start = (): ReturnType<typeof open> => {
    const place = open();
    opened.push(place.store);
    return place;
  };

  it('begins at position 0 with nothing in it', () => {
    const { store } = start();
    expect(store.position()).toEqual({ input: 0, output: 0 });
    expect(store.get('a')).toBeUndefined();
    expect([...store.timers()]).toEqual([]);
  });

  it('commits values, timers and position together', async () => {
    const { store } = start();
    await store.commit({ position: { input: 3, output: 2 }, values: new Map([['a', bytes('1')]]), timers: new Map([['t', 500]]) });
    await store.commit({ position: { input: 4, output: 3 }, values: new Map([['a', undefined], ['b', bytes('2')]]), timers: new Map([['t', undefined], ['u', 7]]) });
    expect(store.position()).toEqual({ input: 4, output: 3 });
    expect([text(store.get('a')), text(store.get('b'))]).toEqual([undefined, '2']);
    expect([...store.timers()]).toEqual([['u', 7]]);
  });

  it('lists by prefix in key order', async () => {
    const { store } = start();
    await store.commit({ position: { input: 1, output: 1 }, values: new Map([['p:b', bytes('2')], ['q:a', bytes('3')], ['p:a', bytes('1')]]), timers: new Map() });
    expect([...store.entries('p:')].map(([key, value]) => [key, text(value)])).toEqual([['p:a', '1'], ['p:b', '2']]);
  });

  it('holds what was committed when it is opened again', async () => {
    const { store, reopen } = start();
    await store.commit({ position: { input: 9, output: 8 }, values: new Map([['a', bytes('kept')]]), timers: new Map([['t', 5]]) });
    await store.close();
    const again = await reopen();
    opened = [again];
    expect([again.position(), text(again.get('a')), [...again.timers()]]).toEqual([{ input: 9, output: 8 }, 'kept', [['t', 5]]]);
  });
}

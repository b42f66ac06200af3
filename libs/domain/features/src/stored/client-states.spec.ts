import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { version2Codec } from '../client-state';
import { emptyMoments } from '../due/due-moments';
import { vectorOf } from '../feature-definitions';
import { aTown, bakery } from '../testing/a-town';
import { anyHistory, foldAll, stateAfter } from '../testing/any-history';
import { ByteReader, ByteWriter } from './bytes';
import { ClientStates, packClient, unpackClient, type ValueStore } from './client-states';

const town = aTown(bakery);

/** Keeps what a serialiser makes of a value, as a stage's state does. */
class PackingStore implements ValueStore {
  readonly #packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });
  readonly #bytes = new Map<string, Uint8Array>();

  get<T>(key: string): T | undefined {
    const bytes = this.#bytes.get(key);
    return bytes && (this.#packr.unpack(bytes) as T);
  }

  put(key: string, value: unknown): void {
    this.#bytes.set(key, this.#packr.pack(value));
  }

  delete(key: string): void {
    this.#bytes.delete(key);
  }

  sizeOf(key: string): number {
    return this.#bytes.get(key)?.byteLength ?? 0;
  }
}

describe('ClientStates', () => {
  it('gives back every state that any history leaves', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const state = foldAll(events, town).at(-1)?.state;
        if (!state) return;
        const states = new ClientStates(new PackingStore());
        states.put('c-1', state);
        expect(states.get('c-1')).toEqual(state);
        expect(unpackClient(packClient(state))).toEqual(state);
      }),
      { numRuns: 80 },
    );
  });

  it('stores in less than 4 KiB a client who buys once a day at 23 merchants, answers offers and uses the app, for half a year', () => {
    const store = new PackingStore();
    const buying = Array.from({ length: 180 }, (_, number) =>
      anEvent('transaction.authorised', { timeMs: mondayMs + Math.floor(number * 1.01 * 86_400_000), data: { transactionId: `t-${number}`, merchantId: `merchant-${(number * number) % 23}`, mcc: 5000 + ((number * number) % 11) * 83, amountMinor: 100 + ((number * 7919) % 9000) } }),
    );
    const answering = Array.from({ length: 40 }, (_, number) => anEvent('offer.responded', { timeMs: mondayMs + number * 4 * 86_400_000, data: { offerId: `offer-${number}` } }));
    const using = Array.from({ length: 90 }, (_, number) => anEvent('client.acted', { timeMs: mondayMs + number * 2 * 86_400_000 + 7, data: { sessionId: `s-${number}` } }));
    const moving = Array.from({ length: 60 }, (_, number) => anEvent('client.located', { timeMs: mondayMs + number * 3 * 86_400_000 + 9, data: { lat: 52 + (number % 9) / 10, lon: 13.4 } }));
    new ClientStates(store).put('c-1', stateAfter([anEvent('client.registered', {}), ...buying, ...answering, ...using, ...moving].sort((a, b) => a.timeMs - b.timeMs), town));
    expect(store.sizeOf('client:c-1')).toBeLessThan(4_096);
  });

  it('brings a state of the version before up to date, with what its remembered purchases tell', () => {
    const state = stateAfter([anEvent('client.registered', {}), anEvent('transaction.authorised', { data: { mcc: 5411, amountMinor: 700 } }), anEvent('offer.responded', {})], town);
    const { groups, rhythm, places: _places, sessions: _sessions, ...rest } = state;
    const { lastMs, received, accepted, declined, redeemed } = state.offers;
    const store = new PackingStore();
    store.put('client:c-1', { ...rest, version: 1, offers: { lastMs, received, accepted, declined, redeemed, recentOfferIds: ['o-1'] } });
    const upgraded = new ClientStates(store).get('c-1');
    expect(upgraded).toMatchObject({ version: state.version, groups, rhythm, places: [], totals: { count: 1 }, offers: { recentOffers: state.offers.recentOffers } });
    expect(vectorOf(upgraded!, mondayMs)).toHaveLength(vectorOf(state, mondayMs).length);
  });

  it('reads a state of version 2, which knew of no contacts, approaches and moved moments', () => {
    const state = stateAfter([anEvent('client.registered', {}), anEvent('client.acted', { timeMs: mondayMs + 40_000_000 })], town);
    const writer = new ByteWriter();
    version2Codec.write(writer, { ...state, version: 2 as never });
    const { lastMs } = state.moments;
    expect([lastMs, unpackClient(writer.take())]).toEqual([mondayMs + 40_000_000, { ...state, moments: { ...emptyMoments(), lastMs } }]);
  });

  it('forgets a client, and refuses what is no state of this build', () => {
    const store = new PackingStore();
    const states = new ClientStates(store);
    states.put('c-1', stateAfter([anEvent('client.registered', {})], town));
    states.delete('c-1');
    expect(states.get('c-1')).toBeUndefined();
    store.put('client:c-1', { version: 77 });
    expect(() => states.get('c-1')).toThrow(RangeError);
    expect(() => unpackClient(Uint8Array.of(200, 1, 0))).toThrow(RangeError);
  });
});

describe('bytes', () => {
  it('give back whole numbers of any size below 2^52, reals and texts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }), fc.double({ noNaN: true }), fc.string({ unit: 'grapheme' }))), (rows) => {
        const writer = new ByteWriter();
        for (const [whole, real, text] of rows) {
          writer.integer(whole);
          writer.real(real);
          writer.text(text);
        }
        const reader = new ByteReader(writer.take());
        for (const row of rows) expect([reader.integer(), reader.real(), reader.text()]).toEqual(row);
      }),
    );
  });

  it('refuse a fraction and what is too large, and reading on past the end', () => {
    expect(() => new ByteWriter().integer(0.5)).toThrow(RangeError);
    expect(() => new ByteWriter().integer(2 ** 52)).toThrow(RangeError);
    expect(() => new ByteReader(new Uint8Array()).byte()).toThrow(RangeError);
  });
});

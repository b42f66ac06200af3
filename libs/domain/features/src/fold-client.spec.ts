import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { ClientState } from './client-state';
import { featureNames, vectorOf } from './feature-definitions';
import { foldClient, isClientEvent, wakeClient } from './fold-client';
import { packClient, unpackClient } from './stored/client-states';
import { aTown, bakery, garage, market } from './testing/a-town';
import { anyHistory, aPurchase, aRequest, foldAll, stateAfter } from './testing/any-history';
import { dayMs, hourMs } from './time-units';

const town = aTown(bakery, market);

/** Counts and sums in whole units: what order and reversal must leave exact. */
function countsAndSums({ windows, totals, merchants, categories }: ClientState): unknown {
  const uses = [...merchants, ...categories].map(({ purchases, spendMinor, ...rest }) => ['merchantId' in rest ? rest.merchantId : rest.mcc, purchases, spendMinor]);
  return { windows, totals: { ...totals, lastMs: undefined }, uses: uses.map(String).sort() };
}

describe('foldClient', () => {
  it('gives the same whether the state stays in memory or is stored and restored after each event', () => {
    const throughStore = (state: ClientState): ClientState => unpackClient(packClient(state));
    fc.assert(
      fc.property(anyHistory, (events) => {
        expect(foldAll(events, town, undefined, throughStore).map(({ due, wakeAtMs }) => ({ due, wakeAtMs }))).toEqual(foldAll(events, town).map(({ due, wakeAtMs }) => ({ due, wakeAtMs })));
        const [last, restored] = [foldAll(events, town).at(-1)?.state, foldAll(events, town, undefined, throughStore).at(-1)?.state];
        expect(restored).toEqual(last);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same each time it is run', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        expect(foldAll(events, aTown(bakery, market))).toEqual(foldAll(events, town));
      }),
      { numRuns: 60 },
    );
  });

  it('counts a repeated transaction once and makes nothing due by it', () => {
    fc.assert(
      fc.property(fc.array(aPurchase, { minLength: 1, maxLength: 50 }), fc.nat(), (purchases, pick) => {
        const again = purchases[pick % purchases.length];
        const state = stateAfter(purchases, town);
        const before = structuredClone(countsAndSums(state));
        const { due, state: after } = foldClient(state, anEvent('transaction.authorised', { ...again, id: 'another', timeMs: state.lastEventMs }), town);
        // A remembered purchase may have left the 120 days; those of this history are looked up only within them.
        if (again && again.timeMs >= state.lastEventMs - 120 * dayMs && again.data.kind === 'purchase') {
          expect(due).toEqual([]);
          expect(countsAndSums(after ?? state)).toEqual(before);
        }
      }),
    );
  });

  it('restores every count and sum when a purchase is reversed, whole or in parts', () => {
    fc.assert(
      fc.property(fc.array(aPurchase, { maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 4 }), (purchases, parts) => {
        const history = [...purchases].sort((a, b) => a.timeMs - b.timeMs);
        const last = history.at(-1)?.timeMs ?? mondayMs;
        // One purchase at the end of both, so that the windows end with the same day.
        const anchor = anEvent('transaction.authorised', { timeMs: last, data: { transactionId: 'anchor' } });
        const state = stateAfter([...history, anchor], town);
        const before = structuredClone(countsAndSums(state));
        const wrong = anEvent('transaction.authorised', { timeMs: last, data: { transactionId: 'wrong', amountMinor: 100_000, merchantId: 'garage', channel: 'online' } });
        const reversals = [...parts, undefined, undefined].map((amountMinor) => anEvent('transaction.reversed', { timeMs: last + hourMs, data: { transactionId: 'wrong', amountMinor } }));
        foldAll([wrong, ...reversals], town, state);
        expect(countsAndSums(state)).toEqual(before);
      }),
    );
  });

  it('takes a part of a purchase off its sums and leaves it counted', () => {
    const state = stateAfter([anEvent('transaction.authorised', { data: { amountMinor: 1000 } }), anEvent('transaction.reversed', { data: { amountMinor: 300 } })], town);
    expect(state.totals).toMatchObject({ count: 1, spendMinor: 700 });
    expect(state.windows).toEqual([{ day: mondayMs / dayMs, count: 1, sumMinor: 700 }]);
  });

  it('counts a reversal of what it does not know, and changes nothing by it', () => {
    const state = stateAfter([anEvent('transaction.authorised', {}), anEvent('transaction.reversed', { data: { transactionId: 'never-seen' } })], town);
    expect([state.unmatchedReversals, state.totals.count]).toEqual([1, 1]);
  });

  it('ends with the same counts and sums in whatever order a day’s purchases arrive', () => {
    const aDay = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 9999 }), fc.constantFrom('bakery', 'market', 'garage')), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(aDay, fc.infiniteStream(fc.nat()), (rows, shuffle) => {
        const events = rows.map(([minute, amountMinor, merchantId], row) => anEvent('transaction.authorised', { timeMs: mondayMs + minute * 60_000, data: { transactionId: `t-${row}`, amountMinor, merchantId } }));
        const shuffled = events.map((event) => ({ event, key: shuffle.next().value ?? 0 })).sort((a, b) => a.key - b.key).map(({ event }) => event);
        const [straight, mixed] = [stateAfter(events, town), stateAfter(shuffled, town)];
        expect(countsAndSums(mixed)).toEqual(countsAndSums(straight));
        expect(mixed.totals.lastMs).toBe(straight.totals.lastMs);
      }),
    );
  });

  it('counts late events, takes them into days still kept, and never moves a last-time back', () => {
    const state = stateAfter([anEvent('transaction.authorised', { timeMs: mondayMs + 3 * dayMs }), anEvent('transaction.authorised', { timeMs: mondayMs, data: { transactionId: 't-2' } })], town);
    expect([state.lateEvents, state.totals.count, state.totals.lastMs, state.lastEventMs]).toEqual([1, 2, mondayMs + 3 * dayMs, mondayMs + 3 * dayMs]);
    expect(state.windows.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('leaves gaps, rhythm and recency as they were when a purchase arrives late', () => {
    const bought = (day: number): ReturnType<typeof anEvent<'transaction.authorised'>> => anEvent('transaction.authorised', { timeMs: mondayMs + day * dayMs, data: { transactionId: `t-${day}`, merchantId: 'market', mcc: 5411 } });
    const state = stateAfter([bought(0), bought(7), bought(14)], town);
    const { gaps, merchants, categories } = structuredClone(state);
    foldAll([bought(3)], town, state);
    expect(state.gaps).toEqual(gaps);
    expect(state.merchants).toEqual(merchants.map((use) => ({ ...use, purchases: 4, spendMinor: 5000 })));
    expect(state.categories).toEqual(categories.map((use) => ({ ...use, purchases: 4, spendMinor: 5000 })));
  });

  it('never lets a late consent undo a newer withdrawal', () => {
    const state = stateAfter([anEvent('client.consent.changed', { timeMs: mondayMs + dayMs }), anEvent('client.registered', { timeMs: mondayMs })], town);
    expect(state.facts.consents).toEqual({ offers: false, geo: false });
  });

  it('keeps no place without consent, and forgets it when consent is withdrawn', () => {
    const registered = anEvent('client.registered', {});
    expect(stateAfter([anEvent('client.located', {})], town).whereabouts.place).toBeUndefined();
    expect(stateAfter([registered, anEvent('client.located', {})], town).whereabouts.place).toEqual({ lat: 52.5, lon: 13.4 });
    expect(stateAfter([registered, anEvent('client.located', {}), anEvent('client.consent.changed', {})], town).whereabouts.place).toBeUndefined();
  });

  it('keeps nothing of an erased client', () => {
    const state = stateAfter([anEvent('client.registered', {}), anEvent('transaction.authorised', {})], town);
    expect(foldClient(state, anEvent('client.erasure.requested', {}), town)).toEqual({ state: undefined, due: [] });
  });

  it('answers a request for a client it does not know, and keeps nothing of him', () => {
    const { state, due } = foldClient(undefined, aRequest(mondayMs), town);
    expect([state, due.length, due[0]?.profile.offersConsent]).toEqual([undefined, 1, false]);
  });

  it('stays within its bounds however long a client is with the bank', () => {
    const events = Array.from({ length: 1000 }, (_, day) =>
      anEvent('transaction.authorised', { timeMs: mondayMs + day * 6 * hourMs, data: { transactionId: `t-${day}`, merchantId: `m-${day % 100}`, mcc: 5000 + (day % 50) } }),
    );
    const state = stateAfter(events, town);
    expect([state.merchants.length, state.categories.length, state.authorisations.ids.length, state.windows.length]).toEqual([64, 32, 200, 90]);
    expect(state.merchants.map(({ merchantId }) => merchantId)).not.toContain('m-0');
    expect(state.merchants.map(({ merchantId }) => merchantId)).toContain('m-99');
    expect(state.totals.count).toBe(1000);
  });

  it('refuses a state of another version', () => {
    const state = { ...stateAfter([anEvent('client.registered', {})], town), version: 0 } as unknown as ClientState;
    expect(() => foldClient(state, anEvent('client.acted', {}), town)).toThrow(RangeError);
  });

  it('knows a client’s events from others', () => {
    expect([isClientEvent(anEvent('client.acted', {})), isClientEvent(anEvent('rate.published', {}))]).toEqual([true, false]);
  });

  it('describes the client at his own latest time when a late event makes a decision due', () => {
    const onlyGarage = aTown(garage);
    const history = [anEvent('client.registered', {}), anEvent('transaction.authorised', { timeMs: mondayMs + 2 * dayMs })];
    const { state, due } = foldAll([...history, aRequest(mondayMs)], onlyGarage).at(-1) ?? {};
    expect(due?.[0]?.vector).toEqual(state && vectorOf(state, mondayMs + 2 * dayMs));
    expect(due?.[0]?.vector).toHaveLength(featureNames.length);
  });
});

describe('wakeClient', () => {
  it('comes to rest: each wake asks for a later one', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const last = foldAll(events, town).at(-1);
        let [state, wakeAtMs] = [last?.state, last?.wakeAtMs];
        for (let wakes = 0; state && wakeAtMs !== undefined && wakes < 50; wakes++) {
          const nowMs: number = Math.max(wakeAtMs, state.lastEventMs);
          const step = wakeClient(state, nowMs, town);
          expect(step.due.length).toBeLessThanOrEqual(1);
          expect(step.wakeAtMs ?? Infinity).toBeGreaterThan(nowMs);
          [state, wakeAtMs] = [step.state, step.wakeAtMs];
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does nothing before the time that was asked for', () => {
    const { state, wakeAtMs } = foldClient(undefined, anEvent('client.registered', {}), town);
    if (!state || wakeAtMs === undefined) throw new Error('a registered client has a timer');
    const before = structuredClone(state);
    expect(wakeClient(state, wakeAtMs - 1, town)).toEqual({ state: before, due: [], wakeAtMs });
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anEvent } from '@sp/contracts/testing';
import type { ClientState } from './client-state';
import { featureNames, vectorOf } from './feature-definitions';
import { reversalHorizonDays, standAfterReversal } from './undone-by-reversal';
import type { ClientEvent } from './fold-client';
import { aTown, bakery, market } from './testing/a-town';
import { anyHistory, aPurchase, foldAll } from './testing/any-history';
import { dayMs } from './time-units';

const town = aTown(bakery, market);
const hourMs = 3_600_000;

/** A history in the order of its time, and a purchase that stands somewhere in its last `reversalHorizonDays` days. */
const withOneMore = fc.tuple(anyHistory, aPurchase, fc.nat(80)).map(([any, purchase, at]) => {
  // Hours and weekends are counted and taken back on the clock that the client has then: one who moves is left out.
  const history = withoutLateRepeats(any.map(atHome).sort((a, b) => a.timeMs - b.timeMs));
  const endMs = (history.at(-1)?.timeMs ?? purchase.timeMs) + hourMs;
  const recent = history.findIndex(({ timeMs }) => timeMs > endMs - reversalHorizonDays * dayMs);
  const place = recent < 0 ? history.length : Math.min(history.length, recent + at);
  const timeMs = history[place]?.timeMs ?? endMs - hourMs;
  const wrong = anEvent('transaction.authorised', { timeMs, data: { ...purchase.data, transactionId: 'wrong', kind: 'purchase' } });
  return { before: history.slice(0, place), wrong, after: history.slice(place), endMs };
});

function atHome(event: ClientEvent): ClientEvent {
  return event.type === 'client.registered' ? { ...event, data: { ...event.data, timeZone: 'UTC' } } : event;
}

/** A purchase that is told again when its first telling is nearly forgotten counts twice or once, as the purchase between them lets go of it. */
function withoutLateRepeats(history: readonly ClientEvent[]): ClientEvent[] {
  const first = new Map<string, number>();
  return history.filter((event) => {
    if (event.type !== 'transaction.authorised') return true;
    const { transactionId } = event.data;
    if (!first.has(transactionId)) first.set(transactionId, event.timeMs);
    return event.timeMs - first.get(transactionId)! < (reversalHorizonDays - 1) * dayMs;
  });
}

const close = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

function stateAfter(events: readonly ClientEvent[]): ClientState {
  return foldAll(events, town).at(-1)!.state!;
}

it('a purchase that is reversed within the horizon, at once or in parts, leaves every feature as if it had never been, but for those declared', () => {
  fc.assert(
    fc.property(withOneMore, fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 3 }), ({ before, wrong, after, endMs }, parts) => {
      // The client does something at the end of both, so that both end at the same time.
      const end = anEvent('client.acted', { timeMs: endMs, data: { action: 'looked' } });
      const reversals = [...parts, undefined].map((amountMinor) => anEvent('transaction.reversed', { timeMs: endMs, data: { transactionId: 'wrong', amountMinor } }));
      const never = vectorOf(stateAfter([...before, ...after, end]), endMs);
      const undone = vectorOf(stateAfter([...before, wrong, ...after, ...reversals, end]), endMs);
      const different = featureNames.filter((name, place) => !close(never[place]!, undone[place]!) && !(name in standAfterReversal));
      expect(different).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('a purchase whose reversal came first leaves every feature as if it had never been, but for those declared, and makes nothing due', () => {
  fc.assert(
    fc.property(withOneMore, fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 3 }), ({ before, wrong, after, endMs }, parts) => {
      const end = anEvent('client.acted', { timeMs: endMs, data: { action: 'looked' } });
      const reversals = [...parts, undefined].map((amountMinor, part) => anEvent('transaction.reversed', { timeMs: wrong.timeMs + part, data: { transactionId: 'wrong', amountMinor } }));
      const never = vectorOf(stateAfter([...before, ...after, end]), endMs);
      const swapped = vectorOf(stateAfter([...before, ...reversals, wrong, ...after, end]), endMs);
      const different = featureNames.filter((name, place) => !close(never[place]!, swapped[place]!) && !(name in standAfterReversal));
      expect(different).toEqual([]);
      expect(foldAll([...before, ...reversals, wrong], town).at(-1)).toMatchObject({ due: [], takenBack: expect.anything() });
    }),
    { numRuns: 300 },
  );
});

it('declares features that there are, each with its reason', () => {
  expect(Object.keys(standAfterReversal).filter((name) => !featureNames.includes(name))).toEqual([]);
});

it('does not undo what is older than the horizon, and says so by counting it', () => {
  const old = anEvent('transaction.authorised', { data: { transactionId: 'old' } });
  const later = anEvent('transaction.authorised', { timeMs: old.timeMs + (reversalHorizonDays + 1) * dayMs, data: { transactionId: 'later' } });
  const state = stateAfter([old, later, anEvent('transaction.reversed', { timeMs: later.timeMs, data: { transactionId: 'old' } })]);
  expect([state.unmatchedReversals, state.totals.count]).toEqual([1, 2]);
});

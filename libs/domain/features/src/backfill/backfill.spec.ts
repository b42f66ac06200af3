import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { LineEvent } from '@sp/contracts';
import { vectorOf } from '../feature-definitions';
import type { ClientEvent } from '../fold-client';
import { aTown, bakery, garage, market } from '../testing/a-town';
import { anyHistory, foldAll } from '../testing/any-history';
import { dayMs } from '../time-units';
import { compareVectors } from './compare-vectors';
import { inputDataOf, inputFrom, isFoldInput, type FoldInput } from './fold-input';
import { Recomputation, type Instant } from './recomputation';

const town = aTown(bakery, market);
const merchants = [bakery, market, garage].map((data) => anEvent('merchant.registered', { data, timeMs: mondayMs }));

/** As ClickHouse gives it back. */
function stored(event: LineEvent): FoldInput {
  if (!isFoldInput(event)) throw new Error(`${event.type} is no input`);
  const { type, id, source, subject, timeMs } = event;
  return inputFrom({ type, id, source, subject, timeMs, data: JSON.parse(JSON.stringify(inputDataOf(event))) as Record<string, unknown> });
}

function recompute(inputs: readonly LineEvent[], instants: readonly Instant[]): ReturnType<Recomputation['finish']> {
  const recomputation = new Recomputation(instants);
  return [...[...merchants, ...inputs].flatMap((event) => recomputation.apply(stored(event))), ...recomputation.finish()];
}

describe('the back-fill', () => {
  it('gives after each event of any history the vector that the line had, late events, reversals and all', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const events = history.map((event, number) => ({ ...event, id: `e-${number}` }) as ClientEvent);
        const online = events.map((_, last) => foldAll(events.slice(0, last + 1), town).at(-1)?.state).map((state) => state && vectorOf(state, state.lastEventMs));
        const instants = events.map(({ id, timeMs }): Instant => ({ key: id, clientId: 'c-1', at: { kind: 'event', id, timeMs } }));
        const again = new Map(recompute(events, instants).map(({ key, vector }) => [key, vector]));
        online.forEach((vector, place) => {
          if (vector) expect(compareVectors(vector, again.get(`e-${place}`) ?? [])).toEqual([]);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('describes a client whom a tick woke by what stood before that tick', () => {
    const tick = { type: 'clock.ticked', id: 'tick', source: 'test', subject: 'clock', timeMs: mondayMs + dayMs, data: {} } as const;
    const bought = (number: number, timeMs: number): LineEvent => anEvent('transaction.authorised', { timeMs, data: { transactionId: `t-${number}` } });
    const [found] = recompute([bought(1, mondayMs), tick, bought(2, mondayMs + dayMs)], [{ key: 'k', clientId: 'c-1', at: { kind: 'tick', timeMs: tick.timeMs } }]);
    expect(found).toMatchObject({ timeMs: mondayMs + dayMs, vector: expect.arrayContaining([1]) });
    expect(compareVectors(found?.vector ?? [], foldAll([bought(1, mondayMs) as ClientEvent], town).map(({ state }) => vectorOf(state!, mondayMs + dayMs))[0]!)).toEqual([]);
  });

  it('reads a client as of a time: what came until then, nothing of what came after', () => {
    const events = [0, 2, 4].map((day) => anEvent('transaction.authorised', { timeMs: mondayMs + day * dayMs, data: { transactionId: `t-${day}` } }));
    const at = (day: number): Instant => ({ key: `d-${day}`, clientId: 'c-1', at: { kind: 'time', timeMs: mondayMs + day * dayMs } });
    const counts = recompute(events, [at(3), at(9)]).map(({ key, vector }) => [key, vector[2]]);
    expect(counts).toEqual([['d-3', 2], ['d-9', 3]]);
  });

  it('tells a difference of one in a count and of a millionth in a real, and takes the last digits of a real for equal', () => {
    const vector = vectorOf(foldAll([anEvent('transaction.authorised', {})], town)[0]!.state!, mondayMs + dayMs);
    const decayed = vector.findIndex((value) => value > 0.9 && value < 1);
    expect(compareVectors(vector, vector.map((value, place) => (place === decayed ? value * (1 + 1e-12) : value)))).toEqual([]);
    expect(compareVectors(vector, vector.map((value, place) => (place === decayed ? value * (1 + 1e-6) : value)))).toHaveLength(1);
    expect(compareVectors(vector, vector.map((value, place) => (place === 1 ? value + 1 : value)))).toEqual([{ feature: 'purchases7d', online: 1, recomputed: 2 }]);
    expect(compareVectors(vector, [...vector.slice(0, -1), 7])).toHaveLength(1);
  });

  it('stores of an event what the fold reads, and nothing else', () => {
    const registered = anEvent('client.registered', { data: { gender: 'f', attributes: { hobby: 'chess' } } });
    expect(inputDataOf(registered)).toEqual({ timeZone: 'UTC', segment: 'mass', birthYear: 1990, home: { lat: 52.5, lon: 13.4 }, consents: { offers: true, geo: true } });
  });
});

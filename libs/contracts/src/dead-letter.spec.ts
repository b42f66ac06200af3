import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeadLetterEntries, type DeadLetter, type DeadLetterEntry } from './dead-letter';
import { DeadLetterBook } from './dead-letter-book';
import { deadLetterOf, type Refusal } from './dead-letter-refusal';
import { eventToReplay } from './dead-letter-replay';
import { anEvent, asEnvelope } from './testing';

const card = '4111 1111 1111 1111';
const bad = (over: object = {}): Record<string, unknown> => {
  const event = asEnvelope(anEvent('transaction.authorised', { id: 'e-7' }));
  return { ...event, data: { ...(event['data'] as object), currency: 'EURO' }, ...over };
};
const refuse = (value: unknown, over: Partial<Refusal> = {}): DeadLetter =>
  deadLetterOf({ original: { value }, reject: { code: 'invalid-data', field: 'data.currency', message: 'no currency' }, origin: { door: 'http', request: 'r-1' }, item: 0, timeMs: 1_000, ...over });
const bookOf = (entries: readonly DeadLetterEntry[], maximum = 100): DeadLetterBook => {
  const book = new DeadLetterBook(maximum);
  for (const [index, entry] of entries.entries()) book.fold(entry, { sequence: index + 1, item: 0 });
  return book;
};
const replayed = (id: string): DeadLetterEntry => ({ kind: 'replayed', id, verdict: 'accepted', corrections: [{ path: 'data.currency', value: 'EUR' }], by: 'ann', timeMs: 5 });
const dropped = (id: string): DeadLetterEntry => ({ kind: 'dropped', id, why: 'a test', by: 'bob', timeMs: 4 });

describe('the letter of a refusal', () => {
  it('is named by the event and the reason at the HTTP door, whatever else changed and whenever it came', () => {
    const first = refuse(bad());
    expect(refuse(bad({ time: '2026-02-01T00:00:00Z' }), { origin: { door: 'http', request: 'r-2' }, item: 3, timeMs: 9 }).id).toBe(first.id);
    expect(refuse(bad({ id: 'e-8' })).id).not.toBe(first.id);
    expect(refuse(bad(), { reject: { code: 'conflict', field: 'id', message: '' } }).id).not.toBe(first.id);
  });

  it('is named by its content where no envelope can be read', () => {
    expect(refuse({ hello: 1 }).id).toBe(refuse({ hello: 1 }, { item: 2 }).id);
    expect(refuse({ hello: 1 }).id).not.toBe(refuse({ hello: 2 }).id);
  });

  it('is named by its place on the stream at the NATS door', () => {
    const at = (sequence: number, item: number): string => refuse(bad(), { origin: { door: 'bank', sequence }, item }).id;
    expect(at(4, 1)).toBe(at(4, 1));
    expect(new Set([at(4, 1), at(4, 2), at(5, 1)]).size).toBe(3);
  });

  it.each([
    ['a value', bad({ data: { note: card } })],
    ['a number', bad({ data: { note: 4111111111111111 } })],
    ['a key', bad({ data: { [card]: 1 } })],
    ['the id', bad({ id: card })],
    ['a value behind a line break', bad({ data: { note: `card\n${card}` } })],
  ])('holds no card number of %s, and says that it masked one', (_where, value) => {
    const letter = refuse(value, { reject: { code: 'invalid-data', field: `data.${card}`, message: `is ${card}` } });
    expect(JSON.stringify(letter).replace(/[ -]/g, '')).not.toContain('4111111111111111');
    expect(letter).toMatchObject({ isMasked: true, isCut: false });
    expect(eventToReplay(letter, [])).toMatchObject({ ok: false, why: expect.stringContaining('card number') });
  });

  it('masks a text that is no JSON', () => {
    const letter = refuse(undefined, { original: { text: `{"note":"x\\n${card}"` } });
    expect(letter.payload).not.toContain(card);
    expect(letter.isMasked).toBe(true);
  });

  it('keeps 64 KiB, and says that the rest is gone', () => {
    const letter = refuse(bad({ data: { note: 'é'.repeat(40_000) } }));
    expect(Buffer.byteLength(letter.payload)).toBeLessThanOrEqual(65_536);
    expect(letter).toMatchObject({ isMasked: false, isCut: true });
    expect(eventToReplay(letter, [])).toMatchObject({ ok: false, why: expect.stringContaining('too large') });
  });

  it('says so where a value cannot be walked', () => {
    expect(refuse(JSON.parse('['.repeat(60_000) + ']'.repeat(60_000)))).toMatchObject({ isCut: true, payload: expect.stringContaining('nested') });
  });
});

describe('an event to be sent again', () => {
  it('is the original with what was mended', () => {
    expect(eventToReplay(refuse(bad()), [{ path: 'data.currency', value: 'EUR' }, { path: 'data.merchantId' }, { path: 'data.location.lat', value: 5 }])).toEqual({
      ok: true,
      event: { ...bad(), data: { transactionId: 't-1', kind: 'purchase', mcc: 5462, amountMinor: 1250, currency: 'EUR', channel: 'offline', location: { lat: 5 } } },
    });
  });

  it('keeps its name, where it has one', () => {
    expect(eventToReplay(refuse(bad()), [{ path: 'id', value: 'other' }])).toMatchObject({ ok: false, why: expect.stringContaining('cannot be changed') });
    expect(eventToReplay(refuse(bad({ id: undefined })), [{ path: 'id', value: 'given' }])).toMatchObject({ ok: true, event: { id: 'given' } });
  });

  it.each(['__proto__.x', 'data..x', 'id.x'])('is not made by the path %s', (path) => {
    expect(eventToReplay(refuse(bad()), [{ path, value: 1 }]).ok).toBe(false);
  });

  it('is none if the text was no JSON, or the request was the system’s own', () => {
    expect(eventToReplay(refuse(undefined, { original: { text: 'hello' } }), []).ok).toBe(false);
    expect(eventToReplay(refuse(bad(), { origin: { door: 'control', sequence: 1 } }), []).ok).toBe(false);
  });
});

describe('the book of letters', () => {
  const again = (request: string, timeMs: number): DeadLetter => refuse(bad(), { origin: { door: 'http', request }, timeMs });

  it('folds repeated posts into one letter with its attempts, the newest in sight', () => {
    const book = bookOf([again('r-1', 1), refuse(bad({ id: 'other' })), again('r-2', 7)]);
    expect(book.list({ limit: 10 })).toMatchObject([{ attempts: 2, firstMs: 1, timeMs: 7, state: { kind: 'open' } }, { attempts: 1 }]);
    expect(book.find(again('r-1', 1).id)?.place).toEqual({ sequence: 3, item: 0 });
  });

  it('counts by reason, and filters', () => {
    const conflict = refuse(bad(), { reject: { code: 'conflict', field: 'id', message: '' }, timeMs: 9 });
    const book = bookOf([again('r-1', 1), conflict, dropped(conflict.id)]);
    expect(book.reasons()).toEqual([{ reason: 'invalid-data', open: 1, replayed: 0, dropped: 0 }, { reason: 'conflict', open: 0, replayed: 0, dropped: 1 }]);
    expect(book.list({ limit: 10, reason: 'conflict' })).toMatchObject([{ state: { kind: 'dropped', by: 'bob', why: 'a test' } }]);
    expect(book.list({ limit: 10, state: 'open' })).toHaveLength(1);
    expect(book.list({ limit: 10, sinceMs: 5 })).toHaveLength(1);
    expect(book.list({ limit: 1 })).toHaveLength(1);
  });

  it('forgets the oldest beyond its bound, and says how many', () => {
    const book = bookOf(['a', 'b', 'c'].map((id) => refuse(bad({ id }))), 2);
    expect(book.list({ limit: 10 }).map(({ event }) => event?.id)).toEqual(['c', 'b']);
    expect(book.forgotten).toBe(1);
  });

  it('ends alike whatever is delivered twice, and in whatever order the states come', () => {
    const nats = ['a', 'b'].map((id, item) => refuse(bad({ id }), { origin: { door: 'bank', sequence: 1 }, item }));
    const states = nats.flatMap(({ id }) => [replayed(id), dropped(id)]);
    const whole = [...nats, ...states];
    const outcome = (entries: readonly DeadLetterEntry[]): unknown => bookOf(entries).list({ limit: 10 }).map(({ id, attempts, state }) => [id, attempts, state]).sort();
    fc.assert(
      fc.property(fc.shuffledSubarray(whole, { minLength: whole.length }), fc.array(fc.constantFrom(...whole)), (order, repeated) => {
        expect(outcome([...order, ...repeated])).toEqual(outcome(whole));
      }),
    );
    expect(outcome(whole)).toMatchObject([[expect.anything(), 1, { kind: 'replayed', by: 'ann' }], [expect.anything(), 1, { kind: 'replayed' }]]);
  });
});

it('passes over what is no entry, and keeps the places of the others', () => {
  const letter = refuse(bad());
  expect(readDeadLetterEntries(new TextEncoder().encode(JSON.stringify([{ id: 'old', stage: 'ingest' }, letter])))).toEqual([undefined, letter]);
  expect(readDeadLetterEntries(new TextEncoder().encode('nonsense'))).toEqual([]);
});

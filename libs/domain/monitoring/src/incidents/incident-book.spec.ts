import { expect, test } from 'vitest';
import { IncidentBook } from './incident-book';
import type { IncidentEntry } from './incident-entry';

const minuteMs = 60_000;
const seen = (kind: 'detected' | 'recovered', minute: number, signal = 'rate:a', group = 'streams'): IncidentEntry => ({ kind, signal, group, atMs: minute * minuteMs, noData: false, direction: 'low', count: 1, expected: 10 });
const folded = (...entries: IncidentEntry[]): IncidentBook => {
  const book = new IncidentBook();
  for (const entry of entries) book.fold(entry);
  return book;
};
const only = (book: IncidentBook) => {
  expect(book.list()).toHaveLength(1);
  return book.list()[0]!;
};
const resolve = (incidentId: string, minute: number, whileFiring = false): IncidentEntry => ({ kind: 'resolved', incidentId, atMs: minute * minuteMs, by: 'ann', note: '', whileFiring });

test('twelve flaps are one incident and two notifications at most', () => {
  const book = new IncidentBook();
  for (let flap = 0; flap < 12; flap++) {
    book.fold(seen('detected', flap * 20));
    for (const due of book.toNotify(flap * 20 * minuteMs)) book.fold(due);
    book.fold(seen('recovered', flap * 20 + 10));
    for (const due of [...book.toResolve((flap * 20 + 10) * minuteMs), ...book.toNotify((flap * 20 + 10) * minuteMs)]) book.fold(due);
  }
  expect(only(book)).toMatchObject({ flaps: 12, notifications: 2, state: 'open' });
});

test('twelve flaps with hours between them are still one incident and two notifications', () => {
  const book = new IncidentBook();
  for (let flap = 0; flap < 12; flap++) {
    book.fold(seen('detected', flap * 120));
    for (const due of book.toNotify(flap * 120 * minuteMs)) book.fold(due);
    book.fold(seen('recovered', flap * 120 + 10));
    for (const due of book.toResolve((flap * 120 + 100) * minuteMs)) book.fold(due);
  }
  expect(only(book)).toMatchObject({ flaps: 12, notifications: 2, state: 'resolved' });
});

test('what only goes on for days is told once', () => {
  const book = folded(seen('detected', 0));
  for (const hour of [0, 30, 60, 90]) for (const due of book.toNotify(hour * 60 * minuteMs)) book.fold(due);
  expect(only(book).notifications).toBe(1);
});

test('streams that fail together are one incident, another group is another', () => {
  const book = folded(seen('detected', 0), seen('detected', 5, 'rate:b'), seen('detected', 6, 'share:rejected', 'rejects'));
  expect(book.list().map(({ group, signals }) => [group, signals.length])).toEqual([['rejects', 1], ['streams', 2]]);
});

test('is not resolved while firing, unless somebody confirms it', () => {
  const book = folded(seen('detected', 0));
  const { incidentId } = only(book);
  expect(book.refusal(resolve(incidentId, 1))).toBe('still-firing');
  book.fold(resolve(incidentId, 1));
  expect(only(book).state).toBe('open');
  book.fold(resolve(incidentId, 2, true));
  expect(only(book)).toMatchObject({ state: 'resolved', resolvedAtMs: 2 * minuteMs });
  expect(book.refusal(resolve(incidentId, 3))).toBe('already-resolved');
});

test('resolves by itself after an hour of quiet, and is reopened by what fires soon after', () => {
  const book = folded(seen('detected', 0), seen('recovered', 10));
  expect(book.toResolve(60 * minuteMs)).toEqual([]);
  for (const entry of book.toResolve(70 * minuteMs)) book.fold(entry);
  expect(only(book).state).toBe('resolved');
  book.fold(seen('detected', 100));
  expect(only(book)).toMatchObject({ state: 'reopened', firing: true });
  expect(only(book).timeline.map(({ kind }) => kind)).toEqual(['opened', 'quiet', 'resolved', 'reopened']);
});

test('what fires a day after its resolution is another incident', () => {
  const book = folded(seen('detected', 0), seen('recovered', 10));
  for (const entry of book.toResolve(70 * minuteMs)) book.fold(entry);
  book.fold(seen('detected', 1_500));
  expect(book.list()).toHaveLength(2);
});

test('acknowledged and mitigated are kept with who and why, and send nothing more', () => {
  const book = folded(seen('detected', 0));
  const { incidentId } = only(book);
  book.fold({ kind: 'acknowledged', incidentId, atMs: minuteMs, by: 'ann', note: 'looking' });
  expect(book.toNotify(minuteMs)).toEqual([]);
  book.fold({ kind: 'mitigated', incidentId, atMs: 2 * minuteMs, by: 'ann', note: 'restarted' });
  expect(only(book)).toMatchObject({ state: 'mitigated' });
  expect(only(book).timeline.at(-1)).toMatchObject({ kind: 'mitigated', by: 'ann', note: 'restarted' });
});

test('a silence with an author and an end keeps messages back, and no longer than that', () => {
  const silence: IncidentEntry = { kind: 'silenced', silenceId: 's1', signal: 'rate:*', by: 'ann', why: 'maintenance', atMs: 0, untilMs: 60 * minuteMs };
  const book = folded(silence, seen('detected', 1));
  expect(book.toNotify(minuteMs)).toEqual([]);
  expect(book.toNotify(61 * minuteMs)).toHaveLength(1);
  book.fold({ kind: 'unsilenced', silenceId: 's1', atMs: 2 * minuteMs, by: 'bob' });
  expect(book.toNotify(2 * minuteMs)).toHaveLength(1);
});

test('the same entries give the same book', () => {
  const entries = [seen('detected', 0), seen('detected', 3, 'rate:b'), seen('recovered', 9), seen('recovered', 12, 'rate:b'), seen('detected', 30)];
  expect(folded(...entries).list()).toEqual(folded(...entries).list());
});

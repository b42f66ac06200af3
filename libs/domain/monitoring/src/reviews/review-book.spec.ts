import { expect, test } from 'vitest';
import { ReviewBook, type ReviewEntry } from './review-book';

const minuteMs = 60_000;
const opened = (caseId: string, isControl = false): ReviewEntry => ({ kind: 'opened', caseId, atMs: 0, merchantId: `m-${caseId}`, isControl, evidence: { offers: 40, expected: 30, converted: 6, traces: 8, logE: 12 } });
const act = (kind: 'claimed' | 'released' | 'agreed' | 'disagreed', by: string, minute = 0): ReviewEntry => ({ kind, caseId: 'a', atMs: minute * minuteMs, by });
const judged = (by: string, sanction: boolean, verdict: 'diversion' | 'honest' = 'diversion'): ReviewEntry => ({ kind: 'judged', caseId: 'a', atMs: minuteMs, by, verdict, note: '', sanction });
const folded = (...entries: ReviewEntry[]): ReviewBook => {
  const book = new ReviewBook();
  for (const entry of entries) book.fold(entry);
  return book;
};

test('a case is one person’s at a time, and free again after half an hour', () => {
  const book = folded(opened('a'), act('claimed', 'ann'));
  expect(book.refusal(act('claimed', 'bob', 10))).toBe('claimed-by-another');
  expect(book.refusal(act('claimed', 'bob', 31))).toBeUndefined();
  expect(book.find('a', 31 * minuteMs)).toMatchObject({ state: 'open' });
  expect(folded(opened('a'), act('claimed', 'ann'), act('released', 'ann')).find('a', 0)).not.toHaveProperty('claim');
});

test('only who claimed it judges it; a verdict without consequences closes it', () => {
  const book = folded(opened('a'), act('claimed', 'ann'));
  expect(book.refusal(judged('bob', false))).toBe('not-claimed-by-you');
  book.fold(judged('ann', false, 'honest'));
  expect(book.find('a', 0)).toMatchObject({ state: 'closed', wasControl: false });
  expect(book.labels()).toEqual([{ score: 12, isTrue: false }]);
});

test('a sanction wants a second person, and one who disagrees opens the case again', () => {
  const book = folded(opened('a'), act('claimed', 'ann'), judged('ann', true));
  expect(book.find('a', 0)).toMatchObject({ state: 'awaiting-second' });
  expect(book.labels()).toEqual([]);
  expect(book.refusal(act('agreed', 'ann'))).toBe('second-must-be-another');
  expect(folded(opened('a'), act('claimed', 'ann'), judged('ann', true), act('disagreed', 'bob')).find('a', 0)).toMatchObject({ state: 'open' });
  book.fold(act('agreed', 'bob'));
  expect(book.find('a', 0)).toMatchObject({ state: 'closed', verdict: { by: 'ann', secondBy: 'bob' } });
});

test('who is found honest is not sanctioned', () => {
  expect(folded(opened('a'), act('claimed', 'ann')).refusal(judged('ann', true, 'honest'))).toBe('no-sanction-without-diversion');
});

test('a control looks like any other case until it is closed', () => {
  const book = folded(opened('a', true), opened('b'), act('claimed', 'ann'));
  const [control, real] = [book.find('a', 0)!, book.find('b', 0)!];
  expect(control).not.toHaveProperty('wasControl');
  expect(Object.keys(real)).toEqual(Object.keys(control).filter((key) => key !== 'claim'));
  book.fold(judged('ann', false, 'honest'));
  expect(book.find('a', 0)).toMatchObject({ wasControl: true });
  expect(book.has('m-a')).toBe(false);
});

import { deadLetterOf, type DeadLetterEntry } from '@sp/contracts';
import { expect, it } from 'vitest';
import { deadLetterSource, rowsOfDeadLetters } from './ingest.sink';

it('stores every refusal at its place in the message, and nothing of what became of letters', () => {
  const letter = deadLetterOf({ original: { value: { id: 'e-1', source: 'test', subject: 'c-1' } }, reject: { code: 'unknown-type', field: 'type', message: 'no such type' }, origin: { door: 'bank', sequence: 7 }, item: 2, timeMs: 5 });
  const entries: DeadLetterEntry[] = [{ kind: 'dropped', id: letter.id, why: 'a test', by: 'ann', timeMs: 6 }, letter];
  const read = deadLetterSource.decode(new TextEncoder().encode(JSON.stringify(entries)));
  expect(rowsOfDeadLetters(read, (ordinal) => ({ partition: 0, linePosition: 3, ordinal }))).toEqual([
    {
      table: 'dead_letters',
      row: { partition: 0, linePosition: 3, ordinal: 1, id: letter.id, time: 5, stage: 'ingest', reason: 'unknown-type', field: 'type', source: 'bank:7#2', eventId: 'e-1', payload: letter.payload, detail: 'no such type' },
    },
  ]);
});

import { expect, test } from 'vitest';
import { EpisodeGate } from './episode';

const gate = (): EpisodeGate => new EpisodeGate({ openAt: 10, forBuckets: 2, closeBelow: 5, keepFiringBuckets: 3, lockoutBuckets: 4 });
const changes = (scores: readonly number[]): (string | undefined)[] => {
  const one = gate();
  return scores.map((score) => one.see(score));
};

test('opens after two hot buckets in a row, not after two apart', () => {
  expect(changes([12, 12])).toEqual([undefined, 'opened']);
  expect(changes([12, 0, 12])).toEqual([undefined, undefined, undefined]);
});

test('goes on between the two thresholds, and closes after three cool buckets in a row', () => {
  expect(changes([12, 12, 7, 7, 0, 0, 6, 0, 0, 0])).toEqual([undefined, 'opened', ...Array<undefined>(7).fill(undefined), 'closed']);
});

test('opens nothing while it is locked out', () => {
  const scores = [12, 12, 0, 0, 0, 12, 12, 12, 12, 12];
  expect(changes(scores).map((change) => change ?? '-').join(' ')).toBe('- opened - - closed - - - - opened');
});

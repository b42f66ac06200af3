import { expect, it } from 'vitest';
import { checkInput } from './check-input';
import { fuzzReader } from './fuzz-reader';
import { jsonOf, mutatedEvent } from './mutated-event';

it('takes thousands of mutated events without a crash, a stall or a card number let out', () => {
  const { counts, problems } = fuzzReader({ seed: 1, from: 0, inputs: 5_000 });
  expect(problems).toEqual([]);
  for (const outcome of ['accepted', 'malformed-envelope', 'invalid-data', 'card-number', 'unknown-type']) expect(counts.get(outcome) ?? 0, outcome).toBeGreaterThan(20);
});

it('draws the same inputs from the same seed, and others from another', () => {
  const inputs = (seed: number): string[] => Array.from({ length: 200 }, (_, number) => jsonOf(mutatedEvent(seed, number)));
  expect(inputs(7)).toEqual(inputs(7));
  expect(inputs(7)).not.toEqual(inputs(8));
  expect(new Set(inputs(7)).size).toBeGreaterThan(150);
});

it('would see a throw', () => {
  const trap = { get type(): string { throw new Error('as told'); } };
  expect(checkInput(trap)).toMatchObject({ outcome: 'threw', problem: expect.stringContaining('as told') });
});

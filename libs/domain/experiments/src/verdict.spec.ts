import { expect, test } from 'vitest';
import { verdictOf } from './verdict';

const clear = { known: true, lift: 0.1, low: 0.02, high: 0.18 } as const;

test('an interval above zero is higher, below lower, across it neither', () => {
  expect(verdictOf({ lift: clear, clients: 500, splitBroken: false })).toBe('higher');
  expect(verdictOf({ lift: { known: true, low: -0.2, high: -0.01 }, clients: 500, splitBroken: false })).toBe('lower');
  expect(verdictOf({ lift: { known: true, low: -0.01, high: 0.2 }, clients: 500, splitBroken: false })).toBe('not-distinguishable');
});

test('a broken split silences even the clearest result', () => {
  expect(verdictOf({ lift: clear, clients: 500, splitBroken: true })).toBe('split-broken');
});

test('a handful of clients says nothing, however clear it looks', () => {
  expect(verdictOf({ lift: clear, clients: 49, splitBroken: false })).toBe('too-few-clients');
});

test('no figure is not the same as no difference', () => {
  expect(verdictOf({ lift: { known: false, reason: 'baseline-near-zero' }, clients: 500, splitBroken: false })).toBe('no-figure');
  expect(verdictOf({ lift: { known: false, reason: 'too-few-observations' }, clients: 500, splitBroken: false })).toBe('too-few-clients');
});

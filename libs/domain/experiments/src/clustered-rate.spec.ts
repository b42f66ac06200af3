import { expect, test } from 'vitest';
import { clusteredRate, type ClusterSums } from './clustered-rate';
import { wilsonInterval } from './wilson-interval';

function sumsOf(clients: readonly (readonly [trials: number, successes: number])[]): ClusterSums {
  const sum = (of: (trials: number, successes: number) => number): number => clients.reduce((total, [trials, successes]) => total + of(trials, successes), 0);
  return {
    clients: clients.length, trials: sum((m) => m), successes: sum((_, x) => x),
    trialsSquared: sum((m) => m * m), successesSquared: sum((_, x) => x * x), trialsTimesSuccesses: sum((m, x) => m * x),
  };
}

test('one offer a client is nearly the plain Wilson interval', () => {
  const clustered = clusteredRate(sumsOf(Array.from({ length: 1000 }, (_, i) => [1, i < 300 ? 1 : 0] as const)), 0.95);
  const plain = wilsonInterval(300, 1000, 0.95);
  if (!clustered.known || !plain.known) throw new Error('no figure');
  expect(clustered.rate).toBeCloseTo(0.3, 12);
  expect(clustered.low).toBeCloseTo(plain.low, 4);
  expect(clustered.high).toBeCloseTo(plain.high, 4);
});

test('ten offers that each client answers alike say no more than one', () => {
  const alike = clusteredRate(sumsOf(Array.from({ length: 100 }, (_, i) => [10, i < 30 ? 10 : 0] as const)), 0.95);
  const clients = wilsonInterval(30, 100, 0.95);
  if (!alike.known || !clients.known) throw new Error('no figure');
  expect(alike.high - alike.low).toBeCloseTo(clients.high - clients.low, 2);
});

test('without any success no more is claimed than there are clients', () => {
  const none = clusteredRate(sumsOf(Array.from({ length: 20 }, () => [10, 0] as const)), 0.95);
  expect(none).toEqual(wilsonInterval(0, 20, 0.95));
});

test('no offers, no figure', () => {
  expect(clusteredRate(sumsOf([]), 0.95)).toEqual({ known: false, reason: 'too-few-observations' });
});

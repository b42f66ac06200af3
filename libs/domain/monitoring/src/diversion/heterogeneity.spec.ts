import { expect, test } from 'vitest';
import { drawsOf } from '../anomalies/testing/synthetic-stream';
import { estimateHeterogeneity, type MerchantCounts } from './heterogeneity';

function merchants(seed: number, heterogeneity: number, diverters = 0): MerchantCounts[] {
  const draws = drawsOf(seed);
  return Array.from({ length: 100 }, (_, place) => {
    const shift = heterogeneity * draws.normal();
    const p = (1 / (1 + Math.exp(-0.5 - shift))) * (place < diverters ? 0.2 : 1);
    return { probability: 1 / (1 + Math.exp(-0.5)), visits: 120, converted: Array.from({ length: 120 }, () => draws.uniform() < p).filter(Boolean).length };
  });
}

test.each([0, 0.35, 0.5])('finds the heterogeneity of %d logits that merchants have, within 0.15, and names an interval that holds it', (heterogeneity) => {
  const found = [1, 2, 3].map((seed) => estimateHeterogeneity(merchants(seed, heterogeneity))!);
  for (const { logits } of found) expect(Math.abs(logits - heterogeneity)).toBeLessThanOrEqual(0.15);
  expect(found.filter(({ low, high }) => low <= heterogeneity && heterogeneity <= high).length).toBeGreaterThanOrEqual(2);
});

test('a few diverters do not pass for variety', () => {
  expect(estimateHeterogeneity(merchants(4, 0.35, 5))!.logits).toBeLessThan(0.5);
});

test('of a few merchants nothing can be said', () => expect(estimateHeterogeneity(merchants(1, 0.35).slice(0, 9))).toBeUndefined());

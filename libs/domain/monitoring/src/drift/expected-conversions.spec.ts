import { expect, test } from 'vitest';
import { drawsOf } from '../anomalies/testing/synthetic-stream';
import { calibrationDrift, ConversionClock, conversionsSoFar, type RunningOffer } from './expected-conversions';

const dayMs = 86_400_000;

/** Offers of the last month; who converts does so after four days in the mean, and `factor` as often as the model says. */
function offers(seed: number, count: number, factor: number, mostDays = 28): RunningOffer[] {
  const draws = drawsOf(seed);
  return Array.from({ length: count }, () => {
    const probability = 0.05 + 0.2 * draws.uniform();
    const ageMs = draws.uniform() * mostDays * dayMs;
    const delayMs = -4 * dayMs * Math.log(1 - draws.uniform());
    return { probability, ageMs, ...(draws.uniform() < probability * factor && delayMs <= ageMs && { delayMs }) };
  });
}

test('knows from young and old offers alike what share of the conversions has come by an age', () => {
  const clock = new ConversionClock(offers(1, 20_000, 1));
  for (const days of [1, 4, 10]) expect(Math.abs(clock.share(days * dayMs) - (1 - Math.exp(-days / 4)))).toBeLessThan(0.06);
  expect(new ConversionClock([]).share(dayMs)).toBe(1);
});

test('a model that is right is called wrong in at most 1 % of the weeks, long before the labels are ripe', () => {
  const wrong = Array.from({ length: 300 }, (_, seed) => {
    const clock = new ConversionClock(offers(seed + 1, 3_000, 1));
    const [now, past] = [offers(10_000 + seed, 800, 1, 7), offers(20_000 + seed, 2_000, 1)].map((some) => conversionsSoFar(some, clock));
    return calibrationDrift(now!, past).drifted;
  });
  expect(wrong.filter(Boolean).length / wrong.length).toBeLessThanOrEqual(0.01);
});

test('half of the conversions gone is found within the week in which it happens', () => {
  const found = Array.from({ length: 100 }, (_, seed) => {
    const clock = new ConversionClock(offers(seed + 1, 3_000, 1));
    const [now, past] = [offers(30_000 + seed, 1_500, 0.5, 7), offers(40_000 + seed, 3_000, 1)].map((some) => conversionsSoFar(some, clock));
    return calibrationDrift(now!, past);
  });
  expect(found.filter(({ drifted, z }) => drifted && z < 0).length).toBeGreaterThanOrEqual(95);
});

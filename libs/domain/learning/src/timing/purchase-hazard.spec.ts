import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../probability-metrics';
import { fitHazard, hazardRows, nextPurchaseChances, predictHazard, type PurchaseDays } from './purchase-hazard';

/** Half buy every seventh day, half on any day with a chance of one in four; both miss or shift now and then. */
function someClients(seed: number): PurchaseDays[] {
  const random = xoroshiro128plus(seed);
  return Array.from({ length: 60 }, (_, client) => {
    const days: number[] = [];
    for (let day = client % 7; day < 120; day += 1) {
      const chance = client % 2 === 0 ? (day % 7 === client % 7 ? 0.9 : 0.01) : 0.25;
      if (uniformFloat64(random) < chance) days.push(day);
    }
    return days;
  });
}

describe('hazardRows', () => {
  it('makes a row of each day of waiting, and leaves the last gap open', () => {
    const { labels } = hazardRows([[0, 7, 10]], 14);
    expect([...labels]).toEqual([0, 0, 1, 0, 0, 0, 0]);
  });

  it('can be asked for later days alone, with all that was known before', () => {
    const whole = hazardRows([[0, 7, 10]], 14);
    const later = hazardRows([[0, 7, 10]], 14, 11);
    expect([...later.labels]).toEqual([0, 0, 0, 0]);
    expect([...later.features]).toEqual([...whole.features.slice(-later.features.length)]);
  });

  it('a client without a rhythm teaches nothing', () => {
    expect(hazardRows([[5], []], 50).labels).toHaveLength(0);
  });
});

describe('fitHazard', () => {
  const model = fitHazard(hazardRows(someClients(1), 120), 1);
  const later = hazardRows(someClients(2), 120);

  it('foretells other clients’ days, and means what it says', () => {
    const predicted = predictHazard(model, later);
    expect(rocAuc(later.labels, predicted)).toBeGreaterThan(0.7);
    const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(predicted) / mean(later.labels)).toBeCloseTo(1, 1);
  });

  it('gives the weekly client his day, and days that sum up to one at most', () => {
    const chances = nextPurchaseChances(model, [0, 7, 14, 21, 28], 29, 14);
    expect(chances.indexOf(Math.max(...chances))).toBe(6);
    const sum = chances.reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(0.6);
    expect(sum).toBeLessThanOrEqual(1);
  });
});

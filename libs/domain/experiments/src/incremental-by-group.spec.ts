import { uniform } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { incrementalByGroup, type GroupSide } from './incremental-by-group';
import type { PairSums } from './sums';

const pairs = (rows: readonly (readonly [x: number, y: number])[]): PairSums => rows.reduce((sums, [x, y]) => ({
  n: sums.n + 1, sumX: sums.sumX + x, sumY: sums.sumY + y, sumXX: sums.sumXX + x * x, sumYY: sums.sumYY + y * y, sumXY: sums.sumXY + x * y,
}), { n: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 });

/** Clients with one to three offers; purchases come with the share, each worth 500, and an offer that brings one costs 60. */
function side(seed: number, clients: number, share: number, costMinor: number): GroupSide {
  const rows = Array.from({ length: clients }, (_, client) => {
    const offers = 1 + (client % 3);
    return { offers, bought: Array.from({ length: offers }, (_each, offer) => Number(uniform(seed, client, offer) < share)).reduce((sum, one) => sum + one, 0) };
  });
  return { made: rows.reduce((sum, { offers }) => sum + offers, 0), rewards: pairs(rows.map(({ offers, bought }) => [offers, bought * (500 - costMinor)])), purchases: pairs(rows.map(({ offers, bought }) => [offers, bought])) };
}

describe('incrementalByGroup', () => {
  it('takes out what came anyhow: offers that many redeem may earn less than nothing', () => {
    const [works, costs] = incrementalByGroup([{ offers: side(1, 900, 0.3, 60), ghosts: side(2, 600, 0.1, 0) }, { offers: side(3, 900, 0.3, 60), ghosts: side(4, 600, 0.3, 0) }]);
    expect(works!.incrementalMinor).toMatchObject({ known: true, value: expect.closeTo(0.3 * 440 - 0.1 * 500, -1) });
    expect(works!.adjustedP).toBeLessThan(0.001);
    expect(costs!.rewardAnOfferMinor).toMatchObject({ known: true, value: expect.closeTo(0.3 * 440, -1) });
    expect(costs!.incrementalMinor.known && costs!.incrementalMinor.value).toBeLessThan(5);
    expect(costs!.incrementalPurchases.known && Math.abs(costs!.incrementalPurchases.value)).toBeLessThan(0.05);
  });

  it('holds the truth about as often as it says', () => {
    const held = Array.from({ length: 200 }, (_, seed) => incrementalByGroup([{ offers: side(2 * seed + 100, 240, 0.2, 0), ghosts: side(2 * seed + 101, 120, 0.15, 0) }])[0]!.incrementalMinor)
      .filter((figure) => figure.known && figure.low <= 25 && 25 <= figure.high).length;
    expect(held).toBeGreaterThanOrEqual(182);
    expect(held).toBeLessThanOrEqual(199);
  });

  it('says nothing where there are no ghosts', () => {
    expect(incrementalByGroup([{ offers: side(1, 50, 0.3, 0), ghosts: undefined }])[0]).toMatchObject({ incrementalMinor: { known: false }, rewardAnOfferMinor: { known: true } });
  });
});

import { describe, expect, it } from 'vitest';
import { drawsFor, type Draws } from '../world/draws';
import { liftOf, meanOf, ratioOf, type Estimate } from './estimates';

const worlds = 400;

/** How often the interval holds the truth. */
function coverage(truth: number, estimate: (draws: Draws) => Estimate | undefined): number {
  let held = 0;
  for (let world = 0; world < worlds; world++) {
    const found = estimate(drawsFor(world, 'client', 1));
    if (found && found.low <= truth && truth <= found.high) held++;
  }
  return held / worlds;
}

const many = (draws: Draws, value: () => number): number[] => Array.from({ length: 200 }, () => Math.exp(0.6 * draws.normal()) * value());
const logMean = Math.exp(0.18);

describe('intervals of the report', () => {
  it('hold the true mean, ratio and lift about 95 times of 100', () => {
    expect(coverage(logMean * 10, (draws) => meanOf(many(draws, () => 10)))).toBeGreaterThan(0.91);
    expect(coverage(0.2, (draws) => liftOf(many(draws, () => 12), many(draws, () => 10)))).toBeGreaterThan(0.91);
    const ratio = (draws: Draws): Estimate | undefined => {
      const totals = many(draws, () => 10);
      return ratioOf(totals.map((total) => total * draws.between(0.2, 0.8)), totals);
    };
    expect(coverage(0.5, ratio)).toBeGreaterThan(0.91);
    expect(coverage(0.53, ratio)).toBeLessThan(0.8);
  });

  it('are not given where there is nothing to tell them from', () => {
    expect([meanOf([1]), ratioOf([1, 2], [0, 0]), liftOf([1, 2], [0, 0]), liftOf([1], [1, 2])]).toEqual([undefined, undefined, undefined, undefined]);
  });
});

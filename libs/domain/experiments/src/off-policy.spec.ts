import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { doublyRobustValue, inversePropensityValue, offPolicyDifference, selfNormalisedValue } from './off-policy';

const rates = [0.1, 0.3, 0.6];
const logging = [0.6, 0.3, 0.1];
const target = [0.1, 0.2, 0.7];
const truth = rates.reduce((sum, rate, action) => sum + rate * (target[action] ?? 0), 0);

function aLog(seed: number, rows: number) {
  const random = xoroshiro128plus(seed);
  const actions = Array.from({ length: rows }, () => draw(uniformFloat64(random)));
  const rewards = Float64Array.from(actions, (action) => Number(uniformFloat64(random) < (rates[action] ?? 0)));
  return { actions, rewards, weights: Float64Array.from(actions, (action) => (target[action] ?? 0) / (logging[action] ?? 1)) };
}

function draw(uniform: number): number {
  return uniform < 0.6 ? 0 : uniform < 0.9 ? 1 : 2;
}

describe('off-policy values', () => {
  it('the intervals of all three hold the truth about as often as they say', () => {
    const covered = [0, 0, 0];
    for (let seed = 1; seed <= 200; seed += 1) {
      const log = aLog(seed, 800);
      const model = { logged: Float64Array.from(log.actions, (action) => 0.2 + 0.1 * action), target: new Float64Array(800).fill(0.2 * 0.1 + 0.3 * 0.2 + 0.4 * 0.7) };
      [inversePropensityValue(log), selfNormalisedValue(log), doublyRobustValue(log, model)].forEach(({ low, high }, place) => {
        covered[place] = (covered[place] ?? 0) + Number(low <= truth && truth <= high);
      });
    }
    for (const times of covered) expect(times).toBeGreaterThan(180);
  });

  it('a good model of the reward narrows the interval, a wrong one keeps it right', () => {
    const log = aLog(1, 20_000);
    const perfect = doublyRobustValue(log, { logged: Float64Array.from(log.actions, (action) => rates[action] ?? 0), target: new Float64Array(20_000).fill(truth) });
    const wrong = doublyRobustValue(log, { logged: new Float64Array(20_000).fill(0.9), target: new Float64Array(20_000).fill(0.9) });
    expect(perfect.standardError).toBeLessThan(inversePropensityValue(log).standardError);
    expect(Math.abs(wrong.value - truth)).toBeLessThan(4 * wrong.standardError);
  });

  it('the logging policy itself is worth its plain mean, whatever estimates it', () => {
    const { rewards } = aLog(3, 500);
    const weights = new Float64Array(500).fill(1);
    const plain = rewards.reduce((sum, reward) => sum + reward, 0) / 500;
    expect(inversePropensityValue({ rewards, weights }).value).toBeCloseTo(plain, 12);
    expect(selfNormalisedValue({ rewards, weights })).toMatchObject({ value: expect.closeTo(plain, 12), effectiveRows: 500 });
  });

  it('clipping is told by its share', () => {
    const log = aLog(4, 1_000);
    const clipped = inversePropensityValue(log, { maximumWeight: 2 });
    expect(clipped.clippedShare).toBeCloseTo(log.actions.filter((action) => action === 2).length / 1_000, 12);
    expect(clipped.value).toBeLessThan(inversePropensityValue(log).value);
  });

  it('a difference of two policies on the same rows is that of their values, and zero for the same policy', () => {
    const { rewards, weights } = aLog(5, 2_000);
    const uniform = new Float64Array(2_000).fill(1);
    const difference = offPolicyDifference(rewards, uniform, weights);
    expect(difference.value).toBeCloseTo(selfNormalisedValue({ rewards, weights }).value - selfNormalisedValue({ rewards, weights: uniform }).value, 12);
    expect(offPolicyDifference(rewards, weights, weights)).toMatchObject({ value: 0, low: 0, high: 0 });
  });
});

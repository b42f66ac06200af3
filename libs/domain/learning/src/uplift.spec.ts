import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { qini, upliftAt, type UpliftRows } from './uplift';

/** Half of the clients gain 2 by the treatment, half lose 1; the score is their sign, noise, or the contrary. */
function aTrial(score: (gains: boolean, noise: number) => number): UpliftRows {
  const random = xoroshiro128plus(1);
  const rows = 20_000;
  const gains = Array.from({ length: rows }, () => uniformFloat64(random) < 0.5);
  const treated = Uint8Array.from(gains, () => Number(uniformFloat64(random) < 0.3));
  const outcomes = Float64Array.from(gains, (one, row) => 5 + uniformFloat64(random) + (treated[row] === 1 ? (one ? 2 : -1) : 0));
  return { scores: Float64Array.from(gains, (one) => score(one, uniformFloat64(random))), outcomes, treated };
}

describe('qini', () => {
  it('finds the whole effect at the end of every order', () => {
    for (const trial of [aTrial((gains) => Number(gains)), aTrial((_, noise) => noise)]) expect(qini(trial).gainOfAll).toBeCloseTo(0.5, 1);
  });

  it('is the area that a perfect order wins, nothing for chance, and the contrary for the worst', () => {
    // Half the rows gain 2: the curve rises to 1, then falls to 0.5; its area is 0.625, the line's 0.25.
    expect(qini(aTrial((gains, noise) => Number(gains) + noise / 2)).coefficient).toBeCloseTo(0.375, 1);
    expect(Math.abs(qini(aTrial((_, noise) => noise)).coefficient)).toBeLessThan(0.03);
    expect(qini(aTrial((gains, noise) => noise / 2 - Number(gains))).coefficient).toBeCloseTo(-0.375, 1);
  });

  it('takes rows of one score together, so that their order in the file does not count', () => {
    const { curve } = qini(aTrial((gains) => Number(gains)));
    expect(curve).toHaveLength(3);
    expect(curve[1]!.gain).toBeCloseTo(1, 1);
  });
});

describe('upliftAt', () => {
  it('is the effect among the chosen', () => {
    const trial = aTrial((gains) => Number(gains));
    expect(upliftAt(trial, 0.3)).toBeCloseTo(2, 1);
    expect(upliftAt(trial, 1)).toBeCloseTo(0.5, 1);
    expect(upliftAt({ ...trial, treated: new Uint8Array(20_000).fill(1) }, 0.3)).toBeNull();
  });
});

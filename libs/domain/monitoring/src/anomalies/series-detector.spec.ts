import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeriesDetector } from './series-detector';
import { drawsOf } from './testing/synthetic-stream';

const stepMs = 300_000;
const scoresOf = (values: readonly number[]): number[] => {
  const detector = new SeriesDetector();
  return values.map((value, at) => detector.score(at * stepMs, value));
};
const noisy = (seed: number, count: number): number[] => {
  const draws = drawsOf(seed);
  return Array.from({ length: count }, (_, at) => 50 + 20 * Math.sin((at * stepMs * 2 * Math.PI) / 86_400_000) + draws.normal());
};

test('a jump stands out from a daily rhythm, and is news once', () => {
  const values = noisy(1, 3_000).map((value, at) => (at >= 2_500 && at < 2_600 ? value + 40 : value));
  const scores = scoresOf(values);
  const [jump, before] = [Math.max(...scores.slice(2_500, 2_510)), Math.max(...scores.slice(1_000, 2_500))];
  expect(jump).toBeGreaterThan(before);
  expect(scores.slice(2_500, 2_600).filter((score) => score > before).length).toBeLessThan(12);
});

test('a calm middle of a busy day is strange, though no value of it is', () => {
  const flat = noisy(2, 4_000).map((value, at) => (at >= 3_520 && at < 3_600 ? 50 : value));
  const scores = scoresOf(flat);
  expect(Math.max(...scores.slice(3_520, 3_600))).toBeGreaterThan(Math.max(...scores.slice(1_200, 3_520)));
});

test('any series has scores from 0 to below 1, of what was before alone', () => {
  const values = fc.array(fc.double({ noDefaultInfinity: false, noNaN: false }), { maxLength: 300 });
  fc.assert(fc.property(values, values, (before, after) => {
    const scores = scoresOf(before);
    expect(scores.every((score) => score >= 0 && score < 1)).toBe(true);
    expect(scoresOf([...before, ...after]).slice(0, before.length)).toEqual(scores);
  }), { numRuns: 100 });
});

test('the unit does not matter', () => {
  const values = noisy(3, 1_000);
  const [ours, thousandth] = [scoresOf(values), scoresOf(values.map((value) => value / 1_000))];
  ours.forEach((score, at) => expect(thousandth[at]).toBeCloseTo(score, 6));
});

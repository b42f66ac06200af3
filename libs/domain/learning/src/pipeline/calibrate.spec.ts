import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import { logLoss } from '../probability-metrics';
import { applyCalibration, learnCalibration, UNCHANGED } from './calibrate';

const random = xoroshiro128plus(2);
const honest = Float32Array.from({ length: 20_000 }, () => uniformFloat32(random) * 0.8 + 0.1);
const labels = honest.map((probability) => Number(uniformFloat32(random) < probability));

it('leaves honest probabilities alone', () => {
  expect(learnCalibration(labels, honest)).toEqual(UNCHANGED);
  expect(applyCalibration(UNCHANGED, honest)).toBe(honest);
});

it('brings boastful ones back to what is observed', () => {
  const boastful = honest.map((probability) => 1 / (1 + Math.exp(-3 * Math.log(probability / (1 - probability)) - 1)));
  const line = learnCalibration(labels, boastful);
  expect(line.slope).toBeCloseTo(1 / 3, 1);
  expect(line.offset).toBeCloseTo(-1 / 3, 1);
  expect(logLoss(labels, applyCalibration(line, boastful))).toBeCloseTo(logLoss(labels, honest), 2);
});

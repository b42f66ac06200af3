import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import { fitLogistic, predictLinear } from './logistic-regression';

const random = xoroshiro128plus(1);
const rows = 20_000;
const columns = 3;
const features = Float32Array.from({ length: rows * columns }, () => uniformFloat32(random) * 4 - 2);
const truth = [1, -2, 0];
const labels = Float32Array.from({ length: rows }, (_, row) => {
  const margin = truth.reduce((sum, weight, column) => sum + weight * (features[row * columns + column] ?? 0), 0.5);
  return Number(uniformFloat32(random) < 1 / (1 + Math.exp(-margin)));
});

it('finds the weights that made the labels', () => {
  const { weights, intercept } = fitLogistic({ features, rows, columns, labels, ridge: 0.01 });
  [...weights, intercept].forEach((weight, place) => expect(Math.abs(weight - ([...truth, 0.5][place] ?? 0))).toBeLessThan(0.1));
});

it('its gradient is zero where it ends: predictions sum up to the positives', () => {
  const model = fitLogistic({ features, rows, columns, labels, ridge: 0 });
  const predicted = predictLinear(model, features, rows).reduce((sum, probability) => sum + probability, 0);
  expect(predicted / labels.reduce((sum, label) => sum + label, 0)).toBeCloseTo(1, 4);
});

it('stays finite where a column separates the classes, and shrinks with the ridge', () => {
  const separated = Float32Array.of(-1, -2, 1, 2);
  const fit = (ridge: number) => fitLogistic({ features: separated, rows: 4, columns: 1, labels: Float32Array.of(0, 0, 1, 1), ridge }).weights[0] ?? NaN;
  expect(fit(1)).toBeGreaterThan(0.5);
  expect(fit(1)).toBeLessThan(fit(0.01));
  expect(Number.isFinite(fit(0.0001))).toBe(true);
});

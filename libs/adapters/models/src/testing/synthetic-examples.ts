import type { Examples } from '@sp/learning';
import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Rows in order of time with a tenth of the values missing. Positive by a logistic rule of the first three columns, in
 * which a missing second value counts for the positive side: a tree must learn the default direction to follow it.
 */
export function syntheticExamples({ rows, columns, seed }: { readonly rows: number; readonly columns: number; readonly seed: number }): Examples {
  const random = xoroshiro128plus(seed);
  const uniform = () => uniformFloat32(random);
  const features = Float32Array.from({ length: rows * columns }, () => (uniform() < 0.1 ? NaN : uniform() * 4 - 2));
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0] = features.subarray(row * columns, row * columns + 3);
    const logit = 2 * (a || 0) + (Number.isNaN(b) ? 3 : b > 0.5 ? 2 : -2) + (a || 0) * (c || 0) - 1;
    return Number(uniform() < 1 / (1 + Math.exp(-logit)));
  });
  return { features, rows, columns, labels, timesMs: Float64Array.from({ length: rows }, (_, row) => row * 1_000) };
}

import gammainc from '@stdlib/math-base-special-gammainc';
import { unknown, type Estimate } from './estimate';

export interface RatioCheck {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  /** The split is not the one that was asked for: nothing that compares the arms may be believed until the cause is found. */
  readonly mismatch: boolean;
}

/** Fabijan et al. 2019 ("Diagnosing sample ratio mismatch"): strict, since the check is made at every look. */
const alarmBelowP = 0.001;

/** Pearson's chi-square of the observed counts against the split that was asked for; weights need not add up to one. */
export function sampleRatioMismatch(observed: readonly number[], weights: readonly number[]): Estimate<RatioCheck> {
  if (observed.length !== weights.length) throw new RangeError(`${observed.length} counts, ${weights.length} weights`);
  const total = observed.reduce((sum, count) => sum + count, 0);
  const weight = weights.reduce((sum, part) => sum + part, 0);
  if (observed.length < 2 || total === 0) return unknown('too-few-observations');
  if (weights.some((part) => !(part > 0)) || observed.some((count) => !(count >= 0))) return unknown('inconsistent-counts');
  const chiSquare = observed.reduce((sum, count, arm) => {
    const expected = (total * weights[arm]!) / weight;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const degreesOfFreedom = observed.length - 1;
  const p = upperTail(chiSquare, degreesOfFreedom);
  return { known: true, chiSquare, degreesOfFreedom, p, mismatch: p < alarmBelowP };
}

/** P(X > x) directly: one minus the lower tail has no digits left where it matters. */
function upperTail(x: number, degreesOfFreedom: number): number {
  return x === 0 ? 1 : gammainc(x / 2, degreesOfFreedom / 2, true, true);
}

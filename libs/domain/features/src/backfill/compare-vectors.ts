import { featureDefinitions } from '../feature-definitions';

export interface Difference {
  readonly feature: string;
  readonly online: number;
  readonly recomputed: number;
}

/** Sums of floats in another build may differ in their last digits; a wrong feature differs by more. */
export const relativeTolerance = 1e-9;

/** Where the online vector and the recomputed one disagree: integers and flags exactly, reals beyond the tolerance; missing equals missing. */
export function compareVectors(online: readonly number[], recomputed: readonly number[]): Difference[] {
  return featureDefinitions.flatMap(({ name, type }, place) => {
    const [one, other] = [online[place] ?? NaN, recomputed[place] ?? NaN];
    return agree(one, other, type === 'real' ? relativeTolerance : 0) ? [] : [{ feature: name, online: one, recomputed: other }];
  });
}

function agree(one: number, other: number, tolerance: number): boolean {
  if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) && Number.isNaN(other);
  return Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one), Math.abs(other));
}

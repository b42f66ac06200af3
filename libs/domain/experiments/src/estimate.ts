/** Why no figure can be given; codes, so that a page can put each into words. */
export type Unknown =
  /** Nobody, or fewer than two, stand in the arm. */
  | 'too-few-observations'
  /** Every observation is the same: nothing to tell chance from effect with. */
  | 'no-variance'
  /** The baseline is too near zero for a ratio to it to mean anything. */
  | 'baseline-near-zero'
  /** The counts contradict themselves, as they may while figures are still arriving. */
  | 'inconsistent-counts';

/** A figure, or the reason why there is none: degenerate data is expected at the start of every experiment. */
export type Estimate<T> = ({ readonly known: true } & T) | { readonly known: false; readonly reason: Unknown };

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One arm's observations, one a client; `variance` is the unbiased one (divided by n - 1). */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

export function unknown(reason: Unknown): { readonly known: false; readonly reason: Unknown } {
  return { known: false, reason };
}

/** The reason why these two arms cannot be compared, or undefined. */
export function degeneracy(control: Sample, treated: Sample): Unknown | undefined {
  const numbers = [control.n, control.mean, control.variance, treated.n, treated.mean, treated.variance];
  if (control.n < 2 || treated.n < 2) return 'too-few-observations';
  if (numbers.some((number) => !Number.isFinite(number)) || control.variance < 0 || treated.variance < 0) return 'inconsistent-counts';
  return control.variance + treated.variance === 0 ? 'no-variance' : undefined;
}

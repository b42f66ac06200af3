import type { FigureGap } from '@sp/contracts';

/** A figure, or the reason why there is none: degenerate data is expected at the start of every experiment. */
export type Estimate<T> = ({ readonly known: true } & T) | { readonly known: false; readonly reason: FigureGap };

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

export function unknown(reason: FigureGap): { readonly known: false; readonly reason: FigureGap } {
  return { known: false, reason };
}

/** The reason why these two arms cannot be compared, or undefined. */
export function degeneracy(control: Sample, treated: Sample): FigureGap | undefined {
  const numbers = [control.n, control.mean, control.variance, treated.n, treated.mean, treated.variance];
  if (control.n < 2 || treated.n < 2) return 'too-few-observations';
  if (numbers.some((number) => !Number.isFinite(number)) || control.variance < 0 || treated.variance < 0) return 'inconsistent-counts';
  return control.variance + treated.variance === 0 ? 'no-variance' : undefined;
}

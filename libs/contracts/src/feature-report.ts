import type { Freshness } from './monitor-api';

/** Of one feature's known values; JSON knows no NaN, so what cannot be told is null. */
export interface FeatureReportRow {
  readonly name: string;
  readonly type: string;
  /** The slice of the client's state that it is read from, or the pair of client and offer. */
  readonly group: string;
  readonly known: number;
  readonly distinct: number;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  readonly deviation: number | null;
  /** At 1, 5, 25, 50, 75, 95 and 99 %. */
  readonly quantiles: readonly (number | null)[];
  /** Counts of equal bins from the 1 % to the 99 % quantile. */
  readonly histogram: readonly number[];
  readonly missingShare: number | null;
  readonly missingWhen?: string | undefined;
  readonly redeemedWhenMissing: number | null;
  readonly targetCorrelation: number | null;
  readonly targetAuc: number | null;
  readonly closest?: { readonly name: string; readonly r: number } | undefined;
  readonly flags: readonly string[];
}

/** What is in the features that decisions used: the data-understanding step, before anything is learned from them. */
export interface FeatureReport {
  readonly freshness: Freshness;
  readonly provenance: string;
  /** Which rows these are, in words. */
  readonly of: string;
  readonly rows: number;
  readonly redeemedShare: number | null;
  readonly featuresVersion: string;
  readonly features: readonly FeatureReportRow[];
  /** Pairs that say nearly the same, the strongest first. */
  readonly redundant: readonly { readonly one: string; readonly other: string; readonly r: number }[];
}

import type { Figure, Freshness } from './monitor-api';

/** What offers earned, as monitor answers it: other policies' value from the log, and what would not have come anyhow. Money in minor units. */
export interface Earned {
  readonly freshness: Freshness;
  readonly offPolicy?: OffPolicyFigures;
  readonly incremental: readonly IncrementalRow[];
  /** Of the rewards: '' where none is known yet. */
  readonly currency: string;
}

/** From offers of the random arm whose time is over; more than this many moments are drawn by their ids' hash. */
export interface OffPolicyFigures {
  readonly moments: number;
  readonly earnedAMomentMinor: number;
  /** Weights above are cut. */
  readonly maximumWeight: number;
  readonly policies: readonly PolicyFigures[];
}

export interface PolicyFigures {
  readonly policy: string;
  readonly moments: number;
  readonly offeredShare: number;
  readonly doublyRobust: Figure;
  readonly selfNormalised: Figure;
  readonly inversePropensity: Figure;
  /** How many offers really speak for it (Kish). */
  readonly effectiveRows: number;
  readonly clippedShare: number;
}

export const incrementalGroupings = ['all', 'objective', 'scenario', 'segment', 'campaign'] as const;
export type IncrementalGrouping = (typeof incrementalGroupings)[number];

/** The model arm's offers of a group beside the holdout's ghosts of the same group: both were chosen by the same policy, one was made. */
export interface IncrementalRow {
  readonly grouping: IncrementalGrouping;
  readonly group: string;
  readonly offers: number;
  readonly ghosts: number;
  readonly rewardAnOfferMinor: Figure;
  readonly rewardAGhostMinor: Figure;
  readonly incrementalMinor: Figure;
  readonly incrementalPurchases: Figure;
  readonly p?: number;
  /** Over all groups of the table (Holm). */
  readonly adjustedP?: number;
}

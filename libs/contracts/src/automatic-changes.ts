/** Changes that the line makes by itself, as monitor answers them; times are event time. */

/** `exploration`: the share that is tried out; `training`: a training was begun; `model`: another model scores. */
export const automaticChangeKinds = ['exploration', 'training', 'model'] as const;
export type AutomaticChangeKind = (typeof automaticChangeKinds)[number];

export interface AutomaticChange {
  readonly changeId: string;
  readonly atMs: number;
  readonly kind: AutomaticChangeKind;
  /** A share, a model's version; empty where nothing was replaced. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
  /** Who took it back; empty where it holds, or was replaced by the next change. */
  readonly undoneBy: string;
}

export interface AutomaticChanges {
  readonly changes: readonly AutomaticChange[];
  /** Absent where the recommender does not answer. */
  readonly policy?: { readonly version: string; readonly explorationShare: number; readonly isRegulated: boolean };
  readonly bounds: { readonly lowestShare: number; readonly usualShare: number; readonly highestShare: number; readonly retrainFrom: number };
}

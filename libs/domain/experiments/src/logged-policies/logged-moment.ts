import { readConsidered, type Considered } from '@sp/contracts';

/** A candidate as the decision record keeps it; only what a policy or an estimate reads. */
export interface LoggedCandidate {
  readonly campaignId: string;
  readonly terms: { readonly discountPercent: number };
  readonly valueMinor: number;
  readonly removedBy?: string;
  /** Absent in records of before pair features were kept of every candidate. */
  readonly features?: readonly (number | null)[];
}

/** A moment at which some offer might be made, what was done and what came of it. */
export interface LoggedMoment {
  readonly clientId: string;
  readonly arm: string;
  /** What the arm's policy chose among; other candidates were not allowed here and now, whatever the policy. */
  readonly eligible: readonly LoggedCandidate[];
  /** Index into the eligible. */
  readonly chosen: number;
  /** Probability with which it was chosen. */
  readonly propensity: number;
  /** Margin after the discount, in minor units. */
  readonly rewardMinor: number;
}

/** Removed by the policy's own choice, not by a rule that binds every policy. */
const byChoice: ReadonlySet<string> = new Set(['value-not-positive', 'lost-on-value', 'not-drawn']);

export interface LoggedRow {
  readonly clientId: string;
  readonly arm: string;
  readonly propensity: number;
  readonly rewardMinor: number;
  /** JSON of the considered candidates. */
  readonly considered: string;
}

/** Undefined where the record does not say which candidate was chosen. */
export function momentOf({ considered, ...row }: LoggedRow): LoggedMoment | undefined {
  const eligible = readConsidered(JSON.parse(considered) as Considered).filter(({ removedBy }) => removedBy === undefined || byChoice.has(removedBy));
  const chosen = eligible.findIndex(({ removedBy }) => removedBy === undefined);
  return chosen < 0 ? undefined : { ...row, eligible, chosen };
}

import type { ConsideredCandidate } from '@sp/contracts';
import type { Removal } from './eligibility';
import type { WeighedCandidate } from './weigh';

export interface Judged {
  readonly weighed: WeighedCandidate;
  readonly removal?: Removal | undefined;
  readonly propensity?: number;
}

/** For the record: the candidate, what it was worth, and what removed it. */
export function describeConsidered({ weighed: { candidate, terms, baseline, shadowPrice, valueMinor }, removal, propensity = 0 }: Judged): ConsideredCandidate {
  const judged = { ...candidate, terms, baseline, shadowPrice, valueMinor, propensity };
  if (!removal) return judged;
  const { reason, value, threshold } = removal;
  return { ...judged, removedBy: reason, finding: { value, threshold } };
}

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
  // Each field by its name: a spread of so many takes ten times as long, and there are 64 rows a decision.
  const { campaignId, merchantId, objective, currency, marginPercent, retrievedBy, features, conversion, correction, expectedCheckMinor, usualCheckMinor, knownMerchant, online, distanceKm } = candidate;
  return {
    campaignId, merchantId, objective, currency, marginPercent, retrievedBy, features, conversion, correction, expectedCheckMinor, usualCheckMinor, knownMerchant, online, distanceKm,
    terms, baseline, shadowPrice, valueMinor, propensity, removedBy: removal?.reason, finding: removal && { value: removal.value, threshold: removal.threshold },
  };
}

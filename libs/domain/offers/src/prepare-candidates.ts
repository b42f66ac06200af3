import type { DecisionDue, ScoredCandidate } from '@sp/contracts';
import { isKnownMerchant } from './campaign';
import { expandTerms, type CandidateTerms } from './expand-terms';
import { distanceKm } from './distance';
import { expectedCheckMinor, usualCheckMinor } from './expected-check';
import { pairFeatures } from './pair-features';
import { retrieveCandidates, type OfferReference } from './retrieval';

/** A candidate as the model gets it. */
export type UnscoredCandidate = Omit<ScoredCandidate, 'conversion'>;

/** All rows that the model is to score for one due decision, at most 64; a row's input is the due decision's vector followed by `features`. */
export function prepareCandidates(due: DecisionDue['data'], clientId: string, timeMs: number, reference: OfferReference): UnscoredCandidate[] {
  const candidates = retrieveCandidates(due, clientId, timeMs, reference);
  return expandTerms(candidates).map((row) => describe(row, due, timeMs, reference));
}

function describe({ candidate, terms }: CandidateTerms, due: DecisionDue['data'], timeMs: number, { popularity, market }: OfferReference): UnscoredCandidate {
  const { campaign, merchant, retrievedBy } = candidate;
  const { campaignId, merchantId, objective, currency, marginPercent } = campaign;
  const selling = { mcc: merchant.mcc, averageCheckMinor: popularity.averageCheckMinor(merchantId) };
  const km = distanceKm(due.profile.place, merchant.location);
  return {
    campaignId, merchantId, objective, terms, currency, marginPercent, retrievedBy,
    features: pairFeatures({ profile: due.profile, merchant, terms, currency, retrievedBy, timeMs, market }),
    expectedCheckMinor: expectedCheckMinor(due.profile, selling, terms),
    usualCheckMinor: usualCheckMinor(due.profile, selling),
    knownMerchant: isKnownMerchant(due.profile, merchantId),
    ...(merchant.online !== undefined && { online: merchant.online }),
    ...(Number.isFinite(km) && { distanceKm: Math.round(km * 100) / 100 }),
  };
}

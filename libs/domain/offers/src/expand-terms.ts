import type { OfferTerms } from '@sp/contracts';
import type { Candidate } from './retrieval';

/** Rows scored for one decision: one batch of the model costs least at 32 or more rows, latency speaks against more. */
export const maximumRows = 32;

export interface CandidateTerms {
  readonly candidate: Candidate;
  readonly terms: OfferTerms;
}

/** Each campaign on each point of its grid, bounded: campaigns share the rows evenly, what one does not need goes to the others. */
export function expandTerms(candidates: readonly Candidate[], rows = maximumRows): CandidateTerms[] {
  const shares = shareRows(candidates.map(({ campaign }) => campaign.terms.length), rows);
  return candidates.flatMap((candidate, place) => spread(candidate.campaign.terms, shares[place] ?? 0, candidate.lot).map((terms) => ({ candidate, terms })));
}

function shareRows(wanted: readonly number[], rows: number): number[] {
  const shares = wanted.map(() => 0);
  let left = Math.min(rows, wanted.reduce((sum, count) => sum + count, 0));
  for (let place = 0; left > 0; place = (place + 1) % wanted.length) {
    if (shares[place]! >= wanted[place]!) continue;
    shares[place]!++;
    left--;
  }
  return shares;
}

/** A systematic sample: evenly spaced from a start by lot, so that over clients and days every point has the same chance. */
function spread<T>(grid: readonly T[], count: number, lot: number): T[] {
  return Array.from({ length: count }, (_, step) => grid[Math.floor(((step + lot) * grid.length) / count)]!);
}

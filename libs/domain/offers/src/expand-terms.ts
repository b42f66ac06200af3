import type { OfferTerms } from '@sp/contracts';
import type { Candidate } from './retrieval';

/** Rows scored for one decision: five campaigns on a grid of twelve, with room for more of smaller ones. A row costs some ten microseconds. */
export const maximumRows = 64;
const maximumPoints = 12;

export interface CandidateTerms {
  readonly candidate: Candidate;
  readonly terms: OfferTerms;
}

/** Each campaign on each point of its grid, a sample of twelve of larger ones, as long as the rows last: the retrieval's order is the first ranking. */
export function expandTerms(candidates: readonly Candidate[], rows = maximumRows): CandidateTerms[] {
  let left = rows;
  return candidates.flatMap((candidate) => {
    const count = Math.min(candidate.campaign.terms.length, maximumPoints, left);
    left -= count;
    return spread(candidate.campaign.terms, count, candidate.lot).map((terms) => ({ candidate, terms }));
  });
}

/** A systematic sample: evenly spaced from a start by lot, so that over clients and days every point has the same chance. */
function spread<T>(grid: readonly T[], count: number, lot: number): T[] {
  return Array.from({ length: count }, (_, step) => grid[Math.floor(((step + lot) * grid.length) / count)]!);
}

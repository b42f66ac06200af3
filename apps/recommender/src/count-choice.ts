import { readConsidered, type LoggedDecision } from '@sp/contracts';
import { metrics } from '@sp/platform';

const considered = new Map<string, Set<string>>();
const offered = new Map<string, Set<string>>();

/** How bold and how broad the choices are: exploration, repetition, and how many of the campaigns in question are ever offered. */
export function countChoice({ arm, exploration, offer, considered: logged }: LoggedDecision): void {
  const candidates = readConsidered(logged);
  const seen = setOf(considered, arm);
  for (const { campaignId } of candidates) seen.add(campaignId);
  if (offer) {
    const repeat = candidates.some(({ removedBy, knownMerchant }) => removedBy === undefined && knownMerchant);
    metrics.offerChoices.inc({ arm, exploration: String(exploration), repeat: String(repeat) });
    setOf(offered, arm).add(offer.campaignId);
  }
  if (seen.size > 0) metrics.campaignCoverage.set({ arm }, setOf(offered, arm).size / seen.size);
}

function setOf(sets: Map<string, Set<string>>, arm: string): Set<string> {
  const known = sets.get(arm) ?? new Set<string>();
  sets.set(arm, known);
  return known;
}

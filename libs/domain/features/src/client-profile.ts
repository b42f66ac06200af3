import type { ClientProfile, Place } from '@sp/contracts';
import type { ClientState } from './client-state';

interface Used {
  readonly purchases: number;
  readonly lastMs: number;
}

/** The client in words instead of numbers: what the scorer needs beyond the vector. It shares nothing that the fold changes later. */
export function profileOf(state: ClientState): ClientProfile {
  const { facts, totals } = state;
  const place = lastPlace(state);
  return {
    segment: facts.segment,
    timeZone: facts.timeZone,
    offersConsent: facts.consents.offers,
    merchants: mostUsed(state.merchants).map(({ merchantId, purchases, lastMs }) => ({ merchantId, purchases, lastMs })),
    categories: mostUsed(state.categories).map(({ mcc, purchases, spendMinor, lastMs }) => ({ mcc, purchases, averageCheckMinor: average(spendMinor, purchases), lastMs })),
    averageCheckMinor: average(totals.spendMinor, totals.count),
    ...(place && { place }),
    attributes: facts.attributes,
    firstSeenMs: state.firstEventMs,
    ...(facts.sinceMs !== undefined && { cardSinceMs: facts.sinceMs }),
  };
}

function lastPlace({ facts, whereabouts }: ClientState): Place | undefined {
  return (facts.consents.geo ? whereabouts.place : undefined) ?? facts.home;
}

/** Equals keep the order of the state, which the events determine. */
function mostUsed<T extends Used>(uses: readonly T[]): T[] {
  return [...uses].sort((a, b) => b.purchases - a.purchases || b.lastMs - a.lastMs);
}

function average(sumMinor: number, count: number): number {
  return count === 0 ? 0 : Math.round(sumMinor / count);
}

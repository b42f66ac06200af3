import { distance } from 'geokdbush';
import type { Place } from '@sp/contracts';
import type { FeatureGroup } from '../feature-group';
import { hourMs } from '../time-units';
import { integer, optional, placeCodec, record } from '../stored/codec';

/** Known only while the client consents to it; forgotten when he withdraws. */
export interface Whereabouts {
  place: Place | undefined;
  atMs: number | undefined;
}

const recentHours = 1;

/** Where the client was last seen. */
export const whereabouts: FeatureGroup<Whereabouts> = {
  empty: () => ({ place: undefined, atMs: undefined }),
  codec: record<Whereabouts>({ place: optional(placeCodec), atMs: optional(integer) }),
  sighted(last, { timeMs, place }) {
    if (last.atMs !== undefined && timeMs < last.atMs) return;
    last.place = place;
    last.atMs = timeMs;
  },
  features: [
    { name: 'locatedRecently', type: 'flag', value: ({ atMs }, { timeMs }) => (atMs !== undefined && timeMs - atMs <= recentHours * hourMs ? 1 : 0) },
    { name: 'homeDistanceKm', type: 'real', missing: 'home or last place unknown', value: ({ place }, { facts }) => (place && facts.home ? distanceKm(place, facts.home) : NaN) },
  ],
};

export function forgetWhereabouts(last: Whereabouts): void {
  last.place = undefined;
  last.atMs = undefined;
}

function distanceKm(one: Place, other: Place): number {
  return distance(one.lon, one.lat, other.lon, other.lat);
}

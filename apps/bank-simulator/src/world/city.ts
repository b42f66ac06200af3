import type { Place } from '@sp/contracts';
import type { Draws } from './draws';

export interface District {
  readonly name: string;
  readonly centre: Place;
  /** Share of the homes, and of the work places and shops. */
  readonly homes: number;
  readonly shops: number;
  /** Standard deviation of places around the centre. */
  readonly spreadKm: number;
  /** Added to the price level that its people are used to. */
  readonly wealth: number;
}

/** A middle and eight quarters around it, on the scale of Berlin. */
export const districts: readonly District[] = [
  district('Centre', 52.52, 13.405, 0.1, 0.34, 1.6, 0.3),
  district('North', 52.566, 13.403, 0.14, 0.1, 1.8, 0),
  district('North-east', 52.553, 13.47, 0.11, 0.07, 2, -0.1),
  district('East', 52.512, 13.5, 0.13, 0.09, 2, -0.3),
  district('South-east', 52.458, 13.52, 0.09, 0.06, 2.2, -0.2),
  district('South', 52.468, 13.42, 0.14, 0.11, 1.7, -0.2),
  district('South-west', 52.45, 13.3, 0.1, 0.08, 2.2, 0.5),
  district('West', 52.506, 13.304, 0.12, 0.1, 1.8, 0.4),
  district('North-west', 52.57, 13.3, 0.07, 0.05, 2.2, -0.1),
];

const kmPerDegree = 111.2;
const kmPerDegreeEast = kmPerDegree * Math.cos((52.52 * Math.PI) / 180);

export function placeNear(draws: Draws, centre: Place, spreadKm: number): Place {
  const lat = centre.lat + (draws.normal() * spreadKm) / kmPerDegree;
  const lon = centre.lon + (draws.normal() * spreadKm) / kmPerDegreeEast;
  return { lat: round(lat), lon: round(lon) };
}

/** On a plane: within a city the error is far below that of any position. */
export function distanceKm(a: Place, b: Place): number {
  return Math.hypot((a.lat - b.lat) * kmPerDegree, (a.lon - b.lon) * kmPerDegreeEast);
}

/** A metre or so: more digits would only be noise. */
function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}

function district(name: string, lat: number, lon: number, homes: number, shops: number, spreadKm: number, wealth: number): District {
  return { name, centre: { lat, lon }, homes, shops, spreadKm, wealth };
}

import type { Place } from '@sp/contracts';

/** Mean radius of the earth (IUGG). */
const earthRadiusKm = 6371.0088;

/** Great-circle distance in kilometres (haversine); NaN where a place is unknown. */
export function distanceKm(a: Place | undefined, b: Place | undefined): number {
  if (!a || !b) return NaN;
  const lat = Math.sin(radians(b.lat - a.lat) / 2) ** 2;
  const lon = Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  const chord = lat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * lon;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

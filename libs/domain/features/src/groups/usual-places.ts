import { distance } from 'geokdbush';
import type { Place } from '@sp/contracts';
import { fade } from '../decayed';
import { oncePerReading, type Feature, type FeatureGroup, type Reading } from '../feature-group';
import { localTime } from '../local-time';
import { integer, list, real, record } from '../stored/codec';

/** A cell of the map where the client is seen again and again. */
export interface UsualPlace {
  /** In steps of the grid. */
  readonly lat: number;
  readonly lon: number;
  /** Weights that halve with every half-life: at night, in office hours, at any hour; as of `atMs`. */
  night: number;
  office: number;
  all: number;
  atMs: number;
}

/** Known only while the client consents to his place; forgotten when he withdraws. */
export type UsualPlaces = UsualPlace[];

/** About 500 m: a block of houses, larger than a phone's error. */
const stepsADegree = 200;
const maximumPlaces = 8;
const halfLifeDays = 30;
/** Chosen: three nights, or three working days, before a place is called home or work. */
const leastWeight = 2;
const nightBeginsHour = 22;
const nightEndsHour = 6;
const officeBeginsHour = 9;
const officeEndsHour = 17;
const saturday = 5;

/**
 * Home, work and the radius between, from positions and from purchases at merchants whose place is known. Bounded: a new cell takes
 * the place of the lightest one (as in the space-saving algorithm, without its inherited weight).
 */
export const usualPlaces: FeatureGroup<UsualPlaces> = {
  empty: () => [],
  codec: list(record<UsualPlace>({ lat: integer, lon: integer, night: real, office: real, all: real, atMs: integer })),
  sighted: (places, { timeMs, place, timeZone }) => visit(places, place, timeMs, timeZone),
  purchased(places, { timeMs, place, timeZone }) {
    if (place) visit(places, place, timeMs, timeZone);
  },
  features: [
    { name: 'usualPlaces', type: 'integer', value: (places) => places.length },
    { name: 'foundHomeGapKm', type: 'real', missing: 'no home found, or none told', value: (places, reading) => apart(homeOf(places, reading), reading.facts.home) },
    { name: 'foundHomeDistanceKm', type: 'real', missing: 'no home found', value: (places, reading) => apart(homeOf(places, reading), latestOf(places, reading)) },
    { name: 'homeWorkKm', type: 'real', missing: 'no home or no work found', value: (places, reading) => apart(homeOf(places, reading), workOf(places, reading)) },
    { name: 'usualRadiusKm', type: 'real', missing: 'never seen', value: radiusKm },
    atPlace('atFoundHome', (places, reading) => homeOf(places, reading)),
    atPlace('atFoundWork', (places, reading) => workOf(places, reading)),
  ],
};

export function forgetUsualPlaces(places: UsualPlaces): void {
  places.length = 0;
}

function visit(places: UsualPlaces, place: Place, timeMs: number, timeZone: string): void {
  const [lat, lon] = [Math.round(place.lat * stepsADegree), Math.round(place.lon * stepsADegree)];
  let cell = places.find((known) => known.lat === lat && known.lon === lon);
  if (!cell) {
    if (places.length >= maximumPlaces) places.splice(lightest(places, timeMs), 1);
    places.push((cell = { lat, lon, night: 0, office: 0, all: 0, atMs: timeMs }));
  }
  const { hour, weekday } = localTime(timeMs, timeZone);
  const weight = bring(cell, timeMs);
  cell.all += weight;
  if (hour >= nightBeginsHour || hour < nightEndsHour) cell.night += weight;
  if (weekday < saturday && hour >= officeBeginsHour && hour < officeEndsHour) cell.office += weight;
}

/** Brings the weights to the later of both times; answers what a visit of that time weighs then. */
function bring(cell: UsualPlace, timeMs: number): number {
  if (timeMs <= cell.atMs) return fade(cell.atMs - timeMs, halfLifeDays);
  const faded = fade(timeMs - cell.atMs, halfLifeDays);
  cell.night *= faded;
  cell.office *= faded;
  cell.all *= faded;
  cell.atMs = timeMs;
  return 1;
}

function lightest(places: UsualPlaces, timeMs: number): number {
  const weights = places.map(({ all, atMs }) => all * fade(Math.max(0, timeMs - atMs), halfLifeDays));
  return weights.indexOf(Math.min(...weights));
}

/** Where the nights are spent. Fading is alike for all, so the weights may be compared as of any one time. */
function home(places: UsualPlaces): Place | undefined {
  return heaviest(places, ({ night }) => night);
}

/** Where office hours are spent, other than at home. */
function work(places: UsualPlaces, own: Place | undefined): Place | undefined {
  return heaviest(places.filter((cell) => !own || placeOf(cell).lat !== own.lat || placeOf(cell).lon !== own.lon), ({ office }) => office);
}

function heaviest(places: UsualPlaces, weight: (cell: UsualPlace) => number): Place | undefined {
  const latestMs = places.reduce((late, { atMs }) => Math.max(late, atMs), 0);
  let [best, most] = [undefined as UsualPlace | undefined, leastWeight];
  for (const cell of places) {
    const own = weight(cell) * fade(latestMs - cell.atMs, halfLifeDays);
    if (own >= most) [best, most] = [cell, own];
  }
  return best && placeOf(best);
}

function latest([first, ...others]: UsualPlaces): Place | undefined {
  return first && placeOf(others.reduce((last, cell) => (cell.atMs > last.atMs ? cell : last), first));
}

const homeOf = oncePerReading(home);
const workOf = oncePerReading((places: UsualPlaces, reading) => work(places, homeOf(places, reading)));
const latestOf = oncePerReading(latest);

/** Weighted root mean square of the distances from the weighted centre. */
function radiusKm(places: UsualPlaces, { timeMs }: Reading): number {
  const weighted = places.map((cell) => ({ ...placeOf(cell), weight: cell.all * fade(Math.max(0, timeMs - cell.atMs), halfLifeDays) }));
  const sum = weighted.reduce((total, { weight }) => total + weight, 0);
  if (!(sum > 0)) return NaN;
  const centre = { lat: 0, lon: 0 };
  for (const { lat, lon, weight } of weighted) {
    centre.lat += (lat * weight) / sum;
    centre.lon += (lon * weight) / sum;
  }
  return Math.sqrt(weighted.reduce((total, { lat, lon, weight }) => total + (weight / sum) * distance(lon, lat, centre.lon, centre.lat) ** 2, 0));
}

function atPlace(name: string, find: (places: UsualPlaces, reading: Reading) => Place | undefined): Feature<UsualPlaces> {
  return {
    name, type: 'flag',
    value(places, reading) {
      const [found, last] = [find(places, reading), latestOf(places, reading)];
      return found && last && found.lat === last.lat && found.lon === last.lon ? 1 : 0;
    },
  };
}

function placeOf({ lat, lon }: UsualPlace): Place {
  return { lat: lat / stepsADegree, lon: lon / stepsADegree };
}

function apart(one: Place | undefined, other: Place | undefined): number {
  return one && other ? distance(one.lon, one.lat, other.lon, other.lat) : NaN;
}

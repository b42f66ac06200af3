import type { BankEventData, Consents, Place } from '@sp/contracts';
import { timeZone } from './calendar';
import { categories, type Category } from './categories';
import { distanceKm, districts, placeNear, type District } from './city';
import { bellAt, drawsFor, type Draws } from './draws';
import type { Merchant } from './merchants';
import { segments, type Segment } from './segments';

/** Everything that is true of a client and that the services must find out; a pure function of seed and index. */
export interface Client {
  readonly index: number;
  readonly clientId: string;
  readonly segment: Segment;
  readonly birthYear: number;
  readonly gender: string;
  readonly district: District;
  readonly home: Place;
  readonly work: Place;
  readonly hasCar: boolean;
  readonly children: number;
  readonly consents: Consents;
  /** 1-4, as merchants have it, but continuous. */
  readonly priceLevel: number;
  readonly monthlyIncomeMinor: number;
  /** Factor on every check. */
  readonly spending: number;
  readonly discountSensitivity: number;
  readonly appOpeningsPerDay: number;
  /** Probability that a purchase is paid with our card and not with the second bank's. */
  readonly shareOfWallet: number;
  /** Hours by which the day runs later than the city's. */
  readonly lateRiserHours: number;
  /** Purchases a day relative to the category's mean; 0 = never. By category. */
  readonly affinity: readonly number[];
  /** Days from the registration until he leaves the bank. */
  readonly staysDays: number;
  /** Does he then ask to be erased? */
  readonly asksErasure: boolean;
  /** How readily a visit becomes a habit, 0..1; only the world of habits asks. */
  readonly habitProneness: number;
  /** By merchant, in steps of `likingStep`: a byte each, since 100,000 clients know 1,000 merchants. */
  readonly likingSteps: Int8Array;
}

const likingStep = 1 / 12;

/** How much the client likes a merchant: taste, price level and way together, as a logit. */
export function likingOf(client: Client, merchant: number): number {
  return (client.likingSteps[merchant] ?? 0) * likingStep;
}

/** From home or work, whichever is nearer; 0 if online. */
export function wayKm(person: Pick<Client, 'home' | 'work'>, { location }: Merchant): number {
  return location ? Math.min(distanceKm(location, person.home), distanceKm(location, person.work)) : 0;
}

/** About three of a hundred leave in a month. */
const meanStayDays = 900;

export function clientIdOf(index: number): string {
  return `c${String(index + 1).padStart(5, '0')}`;
}

export function clientOf(seed: number, index: number, merchants: readonly Merchant[]): Client {
  const draws = drawsFor(seed, 'client', index);
  const segment = segments[draws.weighted(segments.map(({ share }) => share))] as Segment;
  const person = personOf(draws, index, segment);
  const affinity = categories.map((category) => affinityFor(draws, category, person));
  const likingSteps = new Int8Array(merchants.length);
  for (const merchant of merchants) likingSteps[merchant.index] = Math.max(-127, Math.min(127, Math.round(trueLiking(seed, merchant, person) / likingStep)));
  return { ...person, affinity, likingSteps };
}

export function clientRegistration(client: Client, registeredMs: number): BankEventData<'client.registered'> {
  const { birthYear, gender, segment, monthlyIncomeMinor, home, consents, hasCar, children, district, index } = client;
  const memberSince = new Date(registeredMs - (index % 97) * 30 * 86_400_000).toISOString().slice(0, 10);
  const attributes = { car: hasCar, children, district: district.name };
  return { birthYear, gender, segment: segment.name, incomeMinor: monthlyIncomeMinor, memberSince, home, timeZone, consents, attributes };
}

type Person = Omit<Client, 'affinity' | 'likingSteps'>;

function personOf(draws: Draws, index: number, segment: Segment): Person {
  const district = districts[draws.weighted(districts.map(({ homes }) => homes))] as District;
  const workDistrict = districts[draws.weighted(districts.map(({ shops }) => shops))] as District;
  return {
    index, clientId: clientIdOf(index), segment, district,
    birthYear: 2025 - draws.whole(...segment.ages),
    gender: draws.happens(0.5) ? 'female' : 'male',
    home: placeNear(draws, district.centre, district.spreadKm),
    work: placeNear(draws, workDistrict.centre, workDistrict.spreadKm),
    hasCar: draws.happens(segment.car),
    children: draws.happens(segment.children) ? draws.whole(1, 3) : 0,
    consents: { offers: draws.happens(0.93), geo: draws.happens(0.6) },
    ...moneyOf(draws, segment, district),
    discountSensitivity: segment.discountSensitivity * Math.exp(0.4 * draws.normal()),
    appOpeningsPerDay: segment.appOpeningsPerDay * Math.exp(0.6 * draws.normal()),
    shareOfWallet: draws.happens(0.2) ? 1 : draws.between(0.3, 1),
    lateRiserHours: Math.round(1.2 * draws.normal()),
    staysDays: draws.exponential(meanStayDays),
    asksErasure: draws.happens(0.2),
    habitProneness: draws.uniform(),
  };
}

function moneyOf(draws: Draws, segment: Segment, district: District): Pick<Client, 'priceLevel' | 'monthlyIncomeMinor' | 'spending'> {
  const wealth = 0.35 * draws.normal();
  return {
    priceLevel: Math.min(4, Math.max(1, segment.priceLevel + district.wealth + wealth)),
    monthlyIncomeMinor: Math.round((segment.monthlyIncomeMinor * Math.exp(wealth)) / 1000) * 1000,
    spending: Math.exp(0.5 * wealth + 0.2 * draws.normal()),
  };
}

/** Dirichlet-like: independent gammas around the segment's leanings; cars and children decide on two categories. */
function affinityFor(draws: Draws, category: Category, person: Person): number {
  const own = draws.gamma(1.6) / 1.6;
  if (category.name === 'Fuel' && !person.hasCar) return 0;
  if (category.name === 'Kids store' && person.children === 0) return own < 1.6 ? 0 : 0.2;
  return Math.max(0.05, own * (person.segment.leanings[category.name] ?? 1));
}

function trueLiking(seed: number, merchant: Merchant, person: Person): number {
  const taste = 0.9 * bellAt(seed, 'liking', person.index, merchant.index) + merchant.popularity;
  const price = -0.6 * Math.abs(merchant.priceLevel - person.priceLevel);
  return taste + price - 0.3 * Math.min(wayKm(person, merchant), 12);
}

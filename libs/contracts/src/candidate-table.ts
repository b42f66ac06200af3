import type { OfferTerms } from './bank-events';
import { packColumn, readColumn, roundTo, type Column } from './column';
import type { ConsideredCandidate, Finding, RemovalReason, ScoredCandidate } from './decisions';

/** What a campaign's rows have in common, said once. */
export type CandidateCampaign = Omit<ScoredCandidate, 'terms' | 'features' | 'conversion' | 'correction' | 'expectedCheckMinor'> & {
  /** Those of the pair's features that are the same in all its rows. */
  readonly features: readonly (number | null)[];
};

/** Scored candidates on the line: campaigns once, and what differs from row to row in columns; a tenth of the same as objects. */
export interface CandidateTable {
  readonly rows: number;
  readonly campaigns: readonly CandidateCampaign[];
  /** Place of the row's campaign among them. */
  readonly campaign: Column;
  readonly discountPercent: Column;
  readonly validityDays: Column;
  readonly minimumCheckMinor: Column;
  /** -1: no bound. */
  readonly maximumDiscountMinor: Column;
  /** Places of the pair's features that differ between rows of a campaign, because the terms change them. */
  readonly varying: readonly number[];
  readonly varyingFeatures: readonly Column[];
  readonly conversion: Column;
  readonly expectedCheckMinor: Column;
  /** -1: none was applied. */
  readonly correction: Column;
}

/** The same as they were judged. */
export interface ConsideredTable extends CandidateTable {
  readonly baseline: Column;
  readonly shadowPrice: Column;
  readonly valueMinor: Column;
  readonly propensity: Column;
  /** Place of what removed the row; -1: nothing did. What a choice removed has no finding here: it follows from the values. */
  readonly removal: Column;
  readonly removals: readonly { readonly removedBy: RemovalReason; readonly finding?: Finding }[];
}

/** All rows of a table have as many features. As objects: in tests, and in logs of before there were tables. */
export type Candidates = CandidateTable | readonly ScoredCandidate[];
export type Considered = ConsideredTable | readonly ConsideredCandidate[];

const valueDigits = 4;
const probabilityDigits = 7;

export function packCandidates(candidates: readonly (ScoredCandidate | ConsideredCandidate)[]): CandidateTable {
  const firsts: AnyCandidate[] = [];
  const places = candidates.map((candidate) => placeAmong(firsts, candidate));
  const varying = varyingPlaces(candidates, firsts, places);
  const column = (read: (candidate: AnyCandidate) => number): Column => packColumn(candidates.map(read));
  return {
    rows: candidates.length, campaigns: firsts.map((first) => campaignOf(first, varying)), campaign: packColumn(places),
    discountPercent: column(({ terms }) => terms.discountPercent), validityDays: column(({ terms }) => terms.validityDays), minimumCheckMinor: column(({ terms }) => terms.minimumCheckMinor),
    maximumDiscountMinor: column(({ terms }) => terms.maximumDiscountMinor ?? -1),
    varying, varyingFeatures: varying.map((place) => column(({ features }) => features?.[place] ?? NaN)),
    conversion: column(({ conversion }) => conversion), expectedCheckMinor: column(({ expectedCheckMinor }) => expectedCheckMinor), correction: column(({ correction }) => correction ?? -1),
  };
}

export function readCandidates(candidates: Candidates): readonly ScoredCandidate[] {
  if (isRows(candidates)) return candidates;
  const { rows, campaigns } = candidates;
  const of = (column: Column): number[] => readColumn(column, rows);
  const [places, discounts, validities, minima, maxima] = [of(candidates.campaign), of(candidates.discountPercent), of(candidates.validityDays), of(candidates.minimumCheckMinor), of(candidates.maximumDiscountMinor)];
  const [conversions, checks, corrections] = [of(candidates.conversion), of(candidates.expectedCheckMinor), of(candidates.correction)];
  const { varying } = candidates;
  const varyingFeatures = candidates.varyingFeatures.map(of);
  const shared = campaigns.map(({ features }) => features.map((value) => value ?? NaN));
  return places.map((place, row) => {
    const terms: OfferTerms = { discountPercent: discounts[row]!, validityDays: validities[row]!, minimumCheckMinor: minima[row]! };
    const bounded = maxima[row] === -1 ? terms : { ...terms, maximumDiscountMinor: maxima[row]! };
    const { campaignId, merchantId, objective, currency, marginPercent, retrievedBy, knownMerchant, usualCheckMinor, online, distanceKm } = campaigns[place]!;
    const correction = corrections[row] === -1 ? undefined : corrections[row]!;
    return {
      campaignId, merchantId, objective, currency, marginPercent, retrievedBy, knownMerchant, usualCheckMinor, online, distanceKm, correction, terms: bounded,
      features: joined(shared[place]!, varying, varyingFeatures, row), conversion: conversions[row]!, expectedCheckMinor: checks[row]!,
    };
  });
}

/** Written as a loop: this runs for each row of each decision, and spreads took most of the time of reading a table. */
function joined(shared: readonly number[], varying: readonly number[], varyingFeatures: readonly (readonly number[])[], row: number): number[] {
  const features = new Array<number>(shared.length + varying.length);
  for (let place = 0, next = 0; place < features.length; place++) features[place] = varying[next] === place ? varyingFeatures[next++]![row]! : shared[place - next]!;
  return features;
}

export function packConsidered(considered: readonly ConsideredCandidate[]): ConsideredTable {
  const removals: { removedBy: RemovalReason; finding?: Finding }[] = [];
  const known = new Map<string, number>();
  const removalOf = ({ removedBy, finding, propensity, valueMinor }: ConsideredCandidate): number => {
    if (removedBy === undefined) return -1;
    const isTold = finding !== undefined && !follows(removedBy, finding, { propensity, valueMinor });
    const key = isTold ? `${removedBy} ${String(finding.value)} ${String(finding.threshold)}` : removedBy;
    const place = known.get(key) ?? removals.push({ removedBy, ...(isTold && { finding }) }) - 1;
    known.set(key, place);
    return place;
  };
  const column = (read: (candidate: ConsideredCandidate) => number): Column => packColumn(considered.map(read));
  return {
    ...packCandidates(considered),
    baseline: column(({ baseline }) => roundTo(baseline, probabilityDigits)), shadowPrice: column(({ shadowPrice }) => roundTo(shadowPrice, probabilityDigits)),
    valueMinor: column(({ valueMinor }) => roundTo(valueMinor, valueDigits)), propensity: column(({ propensity }) => propensity),
    removal: column(removalOf), removals,
  };
}

export function readConsidered(considered: Considered): readonly ConsideredCandidate[] {
  if (isRows(considered)) return considered;
  const { rows, removals } = considered;
  const of = (column: Column): number[] => readColumn(column, rows);
  const [baselines, prices, values, propensities, places] = [of(considered.baseline), of(considered.shadowPrice), of(considered.valueMinor), of(considered.propensity), of(considered.removal)];
  const chosen = places.indexOf(-1);
  const bestMinor = chosen < 0 ? 0 : values[chosen]!;
  return readCandidates(considered).map((candidate, row) => {
    // The candidate was made just now and is nobody else's.
    const judged = Object.assign(candidate, { baseline: baselines[row]!, shadowPrice: prices[row]!, valueMinor: values[row]!, propensity: propensities[row]! });
    const removal = removals[places[row]!];
    if (!removal) return judged;
    const finding = removal.finding ?? findingOf(removal.removedBy, judged, bestMinor);
    return Object.assign(judged, finding ? { removedBy: removal.removedBy, finding } : { removedBy: removal.removedBy });
  });
}

/** What chance or worth decided is told by the row's own numbers. */
function findingOf(removedBy: RemovalReason, { valueMinor, propensity }: { readonly valueMinor: number; readonly propensity: number }, bestMinor: number): Finding | undefined {
  if (removedBy === 'not-drawn') return { value: propensity, threshold: drawnByLot };
  if (removedBy === 'lost-on-value') return { value: valueMinor, threshold: bestMinor };
  return removedBy === 'value-not-positive' ? { value: valueMinor, threshold: 0 } : undefined;
}

export const drawnByLot = 'drawn by lot';

function follows(removedBy: RemovalReason, { value, threshold }: Finding, { propensity, valueMinor }: { readonly propensity: number; readonly valueMinor: number }): boolean {
  if (removedBy === 'not-drawn') return value === propensity && threshold === drawnByLot;
  return (removedBy === 'lost-on-value' || (removedBy === 'value-not-positive' && threshold === 0)) && value === valueMinor;
}

function isRows<Row>(rows: readonly Row[] | CandidateTable): rows is readonly Row[] {
  return Array.isArray(rows);
}

type AnyCandidate = ScoredCandidate | ConsideredCandidate;

/** Rows of a campaign stand together, so the last one is most often the one; a campaign told otherwise is another one. */
function placeAmong(firsts: AnyCandidate[], candidate: AnyCandidate): number {
  for (let place = firsts.length - 1; place >= 0; place--) if (isOfOneCampaign(firsts[place]!, candidate)) return place;
  return firsts.push(candidate) - 1;
}

function isOfOneCampaign(a: AnyCandidate, b: AnyCandidate): boolean {
  return a.campaignId === b.campaignId && a.merchantId === b.merchantId && a.objective === b.objective && a.currency === b.currency && a.marginPercent === b.marginPercent
    && a.retrievedBy === b.retrievedBy && a.knownMerchant === b.knownMerchant && a.usualCheckMinor === b.usualCheckMinor && a.online === b.online && a.distanceKm === b.distanceKm
    && a.features?.length === b.features?.length;
}

function varyingPlaces(candidates: readonly AnyCandidate[], firsts: readonly AnyCandidate[], places: readonly number[]): number[] {
  const varying = new Set<number>();
  for (const [row, { features = [] }] of candidates.entries()) {
    const first = firsts[places[row]!]!.features ?? [];
    for (let place = 0; place < features.length; place++) if (!Object.is(features[place], first[place])) varying.add(place);
  }
  return [...varying].sort((a, b) => a - b);
}

function campaignOf({ campaignId, merchantId, objective, currency, marginPercent, retrievedBy, knownMerchant, usualCheckMinor, online, distanceKm, features = [] }: AnyCandidate, varying: readonly number[]): CandidateCampaign {
  const known = { ...(usualCheckMinor !== undefined && { usualCheckMinor }), ...(online !== undefined && { online }), ...(distanceKm !== undefined && { distanceKm }) };
  return { campaignId, merchantId, objective, currency, marginPercent, retrievedBy, knownMerchant, ...known, features: features.filter((_, place) => !varying.includes(place)) };
}

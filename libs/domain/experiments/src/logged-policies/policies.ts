import type { LoggedCandidate, LoggedMoment } from './logged-moment';

/** With which probability it makes each of the eligible offers; what is missing to 1 is no offer. Undefined where the record does not hold what it asks. */
export interface Policy {
  readonly name: string;
  readonly propensities: (eligible: readonly LoggedCandidate[]) => readonly number[] | undefined;
}

/** Always the offer of the best expected value, none where no value is positive: the model arm without exploration. */
export const alwaysModel: Policy = {
  name: 'model',
  propensities: (eligible) => first(eligible, ({ valueMinor }) => [valueMinor], ({ valueMinor }) => valueMinor > 0),
};

/** How a pair's features are read by name; unknown ones are NaN. */
export type PairFeatureReader = (features: readonly number[], name: 'pair.category_purchases' | 'pair.merchant_purchases') => number;

/** What a bank does without a model: the most used category, there the most used merchant, there the highest discount. */
export function rulesPolicy(read: PairFeatureReader): Policy {
  return {
    name: 'rules',
    propensities: (eligible) => {
      if (eligible.some(({ features }) => features === undefined)) return undefined;
      return first(eligible, ({ features = [], terms }) => {
        const known = features.map((value) => value ?? NaN);
        return [read(known, 'pair.category_purchases'), read(known, 'pair.merchant_purchases'), terms.discountPercent];
      });
    },
  };
}

export const randomPolicy: Policy = { name: 'random', propensities: (eligible) => eligible.map(() => 1 / eligible.length) };

/** This campaign wherever it is allowed, on any of its terms alike; elsewhere no offer. */
export function constantCampaign(campaignId: string): Policy {
  return {
    name: `only ${campaignId}`,
    propensities: (eligible) => {
      const own = eligible.filter((candidate) => candidate.campaignId === campaignId).length;
      return eligible.map((candidate) => (candidate.campaignId === campaignId ? 1 / own : 0));
    },
  };
}

/** All on the first of the greatest, compared number by number; nothing where none is allowed. */
function first(eligible: readonly LoggedCandidate[], order: (candidate: LoggedCandidate) => readonly number[], allows: (candidate: LoggedCandidate) => boolean = () => true): number[] {
  const keys = eligible.map(order);
  const places = [...eligible.keys()].filter((place) => allows(eligible[place]!));
  const best = places.reduce<number | undefined>((found, place) => (found === undefined || isGreater(keys[place]!, keys[found]!) ? place : found), undefined);
  return eligible.map((_, place) => (place === best ? 1 : 0));
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  const differing = a.findIndex((value, place) => value !== b[place]);
  return differing >= 0 && a[differing]! > b[differing]!;
}

/** Those that are offered most often, for `constantCampaign`. */
export function campaignsOfferedMost(moments: readonly LoggedMoment[], count: number): string[] {
  const offered = new Map<string, number>();
  for (const { eligible, chosen } of moments) offered.set(eligible[chosen]!.campaignId, (offered.get(eligible[chosen]!.campaignId) ?? 0) + 1);
  return [...offered].sort(([, a], [, b]) => b - a).slice(0, count).map(([campaignId]) => campaignId);
}

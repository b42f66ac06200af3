import type { RetrievalKind } from '@sp/contracts';
import { localTime } from '@sp/features';
import { distanceKm } from './distance';
import { dayMs } from './day-ms';
import { marketFeatureNames, marketFeatures, type MarketPair } from './market-features';

/** `similar-clients` is the kind with no column of its own. */
const retrievalColumns = ['trigger', 'nearby', 'habit', 'forecast-category', 'popular'] as const satisfies readonly RetrievalKind[];

export const pairFeatureNames = [
  'pair.discount_percent',
  'pair.validity_days',
  'pair.minimum_over_average_check',
  'pair.known_merchant',
  'pair.merchant_purchases',
  'pair.merchant_days_since',
  'pair.category_purchases',
  'pair.category_days_since',
  'pair.distance_km',
  'pair.price_level',
  'pair.local_hour',
  ...retrievalColumns.map((kind) => `pair.retrieved_${kind}` as const),
  ...marketFeatureNames,
] as const;

export type PairFeatureName = (typeof pairFeatureNames)[number];

export interface Pair extends MarketPair {
  readonly retrievedBy: RetrievalKind;
}

/** The client x campaign x terms part of the model's input, in the order of `pairFeatureNames`; NaN is "not known". */
export function pairFeatures(pair: Pair): number[] {
  const { profile, merchant, terms, retrievedBy, timeMs } = pair;
  const own = profile.merchants.find((used) => used.merchantId === merchant.merchantId);
  const category = profile.categories.find((used) => used.mcc === merchant.mcc);
  const averageCheckMinor = category?.averageCheckMinor || profile.averageCheckMinor;
  return [
    terms.discountPercent,
    terms.validityDays,
    averageCheckMinor > 0 ? terms.minimumCheckMinor / averageCheckMinor : NaN,
    own ? 1 : 0,
    own?.purchases ?? 0,
    own ? (timeMs - own.lastMs) / dayMs : NaN,
    category?.purchases ?? 0,
    category ? (timeMs - category.lastMs) / dayMs : NaN,
    distanceKm(profile.place, merchant.location),
    merchant.priceLevel ?? NaN,
    localTime(timeMs, profile.timeZone).hour,
    ...retrievalColumns.map((kind) => (kind === retrievedBy ? 1 : 0)),
    ...marketFeatures(pair),
  ];
}

/** Names of the model's whole input: the client's vector, then the pair's features. */
export function modelFeatureNames(clientFeatureNames: readonly string[]): string[] {
  return [...clientFeatureNames, ...pairFeatureNames];
}

/** One of the pair's features, read back from a model's input. */
export function readPairFeature(features: readonly number[], name: PairFeatureName): number {
  return features[features.length - pairFeatureNames.length + pairFeatureNames.indexOf(name)] ?? NaN;
}

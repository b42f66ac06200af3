/**
 * Groups of clients, or of merchants, that behave alike: an artefact that is trained elsewhere and read here. It says all that is
 * needed to assign: which columns in which order, how each is scaled, and the centres.
 */
export interface ClusterModel {
  readonly kind: 'client-clusters' | 'merchant-clusters';
  readonly columns: readonly string[];
  /** Of the columns after a signed logarithm, since spend and counts are skewed. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly centres: readonly (readonly number[])[];
  /** Of those that it was trained on, by cluster. */
  readonly shares: readonly number[];
}

/** An outlier counts like a value so many deviations away: a cluster of one rich client is no group. */
const clippedAt = 3;

/** The columns as distances are taken in; what is missing stands at the mean. */
export function scaledForClusters({ means, deviations }: Pick<ClusterModel, 'means' | 'deviations'>, values: readonly number[]): number[] {
  return values.map((value, column) => {
    const scaled = (signedLog(value) - (means[column] ?? 0)) / (deviations[column] || 1);
    return Number.isFinite(scaled) ? Math.max(-clippedAt, Math.min(clippedAt, scaled)) : 0;
  });
}

/** The nearest centre; of equally near ones the first. `values` in the order of the model's columns, NaN where missing. */
export function assignCluster(model: ClusterModel, values: readonly number[]): number {
  return nearestCentre(model.centres, scaledForClusters(model, values)).cluster;
}

/** Squared Euclidean distances. */
export function nearestCentre(centres: readonly (readonly number[])[], point: readonly number[]): { readonly cluster: number; readonly distance: number } {
  let [cluster, distance] = [0, Infinity];
  centres.forEach((centre, number) => {
    const own = squaredDistance(centre, point);
    if (own < distance) [cluster, distance] = [number, own];
  });
  return { cluster, distance };
}

export function squaredDistance(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let place = 0; place < one.length; place++) sum += ((one[place] ?? 0) - (other[place] ?? 0)) ** 2;
  return sum;
}

export function signedLog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value));
}

/**
 * Population stability index of how many are assigned now against the shares of training: below 0.1 the same, above 0.25 another
 * population, by the convention of credit scoring. Half a member is added to each, so that an empty cluster is no infinity.
 */
export function shareDrift(shares: readonly number[], counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  return shares.reduce((sum, share, cluster) => {
    const expected = (share * total + 0.5) / (total + shares.length / 2);
    const found = ((counts[cluster] ?? 0) + 0.5) / (total + shares.length / 2);
    return sum + (found - expected) * Math.log(found / expected);
  }, 0);
}

import { nearestCentre, scaledForClusters, signedLog, type ClusterModel } from '@sp/features';
import { kMeans, simplifiedSilhouette, type Clustering } from './k-means';

export interface ClusterRows {
  readonly kind: ClusterModel['kind'];
  readonly columns: readonly string[];
  /** NaN where missing; in the order of the columns. */
  readonly rows: readonly (readonly number[])[];
}

export interface TrainedClusters {
  readonly model: ClusterModel;
  /** Of each row, in the order given. */
  readonly assigned: readonly number[];
  /** Of each number of clusters that was tried; the best one was taken, of equals the smaller. */
  readonly tried: readonly { readonly clusters: number; readonly silhouette: number; readonly smallestShare: number }[];
}

const [fewest, most] = [2, 10];
/** Of rows to a group, on average. */
const leastMembers = 4;
/** A smaller group are outliers rather than a group. */
const leastShare = 0.01;
const mostRounds = 5;

/** Groups rows that are alike, in as many groups as the silhouette says. Throws RangeError on too few rows. */
export function trainClusters({ kind, columns, rows }: ClusterRows, seed: number): TrainedClusters {
  const largest = Math.min(most, Math.floor(rows.length / leastMembers));
  if (largest < fewest) throw new RangeError(`${rows.length} rows are too few to be grouped: ${fewest * leastMembers} are the least`);
  const scale = scaleOf(rows, columns.length);
  const points = rows.map((row) => scaledForClusters(scale, row));
  const candidates = Array.from({ length: largest - fewest + 1 }, (_, more) => {
    const clustering = groupsOf(points, fewest + more, seed);
    const shares = clustering.centres.map((_centre, cluster) => clustering.assigned.filter((own) => own === cluster).length / rows.length);
    return { clustering, shares, clusters: fewest + more, silhouette: simplifiedSilhouette(points, clustering), smallestShare: Math.min(...shares) };
  });
  const usable = candidates.filter(({ smallestShare }) => smallestShare >= leastShare);
  const best = (usable.length > 0 ? usable : candidates).reduce((chosen, one) => (one.silhouette > chosen.silhouette ? one : chosen));
  return {
    model: { kind, columns, ...scale, centres: best.clustering.centres, shares: best.shares },
    assigned: best.clustering.assigned,
    tried: candidates.map(({ clusters, silhouette, smallestShare }) => ({ clusters, silhouette, smallestShare })),
  };
}

/** Outliers would each take a centre for themselves: they are left out while the centres are sought, and assigned like all others afterwards. */
function groupsOf(points: readonly (readonly number[])[], clusters: number, seed: number): Clustering {
  let kept = points;
  let found = kMeans(kept, clusters, seed);
  for (let round = 0; round < mostRounds; round++) {
    const counts = found.centres.map((_, cluster) => found.assigned.filter((own) => own === cluster).length);
    const common = kept.filter((_, row) => counts[found.assigned[row]!]! >= leastShare * points.length);
    if (common.length === kept.length || common.length < leastMembers * clusters) break;
    kept = common;
    found = kMeans(kept, clusters, seed);
  }
  return { centres: found.centres, assigned: points.map((point) => nearestCentre(found.centres, point).cluster) };
}

function scaleOf(rows: readonly (readonly number[])[], columns: number): Pick<ClusterModel, 'means' | 'deviations'> {
  const known = Array.from({ length: columns }, (_, column) => rows.map((row) => signedLog(row[column] ?? NaN)).filter(Number.isFinite));
  const means = known.map((values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
  const deviations = known.map((values, column) => Math.sqrt(values.reduce((sum, value) => sum + (value - means[column]!) ** 2, 0) / Math.max(1, values.length)));
  return { means, deviations };
}

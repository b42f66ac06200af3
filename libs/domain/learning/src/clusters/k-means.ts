import { nearestCentre, squaredDistance } from '@sp/features';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

type Points = readonly (readonly number[])[];

export interface Clustering {
  readonly centres: Points;
  readonly assigned: readonly number[];
}

const mostRounds = 60;

/** Lloyd's algorithm from the seeds of k-means++ (Arthur, Vassilvitskii 2007). The same points, number and seed give the same clusters. */
export function kMeans(points: Points, clusters: number, seed: number): Clustering {
  let centres: Points = seedCentres(points, clusters, seed);
  let assigned = points.map((point) => nearestCentre(centres, point).cluster);
  for (let round = 0; round < mostRounds; round++) {
    centres = centresOf(points, assigned, centres);
    const next = points.map((point) => nearestCentre(centres, point).cluster);
    if (next.every((cluster, row) => cluster === assigned[row])) break;
    assigned = next;
  }
  return { centres, assigned };
}

/**
 * How well the points lie in their clusters, -1..1, by the simplified silhouette (distances to centres instead of to all members;
 * Hruschka, Campello, de Castro 2006), which needs points x clusters distances only.
 */
export function simplifiedSilhouette(points: Points, { centres, assigned }: Clustering): number {
  const sum = points.reduce((total, point, row) => {
    const distances = centres.map((centre) => Math.sqrt(squaredDistance(centre, point)));
    const own = distances[assigned[row] ?? 0] ?? 0;
    const other = Math.min(...distances.filter((_, cluster) => cluster !== assigned[row]));
    return total + (Math.max(own, other) === 0 ? 0 : (other - own) / Math.max(own, other));
  }, 0);
  return sum / points.length;
}

/** Each next centre is a point drawn by its squared distance to the nearest one so far. */
function seedCentres(points: Points, clusters: number, seed: number): (readonly number[])[] {
  const random = xoroshiro128plus(seed);
  const centres = [points[Math.floor(uniformFloat64(random) * points.length)] ?? []];
  const distances = points.map((point) => squaredDistance(point, centres[0]!));
  while (centres.length < clusters) {
    const centre = points[draw(distances, uniformFloat64(random))] ?? [];
    centres.push(centre);
    points.forEach((point, row) => (distances[row] = Math.min(distances[row]!, squaredDistance(point, centre))));
  }
  return centres;
}

function draw(weights: readonly number[], share: number): number {
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  const place = weights.findIndex((weight) => (left -= weight) < 0);
  return place < 0 ? weights.length - 1 : place;
}

/** A cluster that has lost all its members keeps its centre. */
function centresOf(points: Points, assigned: readonly number[], before: Points): Points {
  const sums = before.map((centre) => new Float64Array(centre.length));
  const counts = before.map(() => 0);
  points.forEach((point, row) => {
    const cluster = assigned[row]!;
    counts[cluster]!++;
    point.forEach((value, column) => (sums[cluster]![column]! += value));
  });
  return sums.map((sum, cluster) => (counts[cluster] === 0 ? before[cluster]! : [...sum].map((value) => value / counts[cluster]!)));
}

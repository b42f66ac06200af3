import { assignCluster, shareDrift } from '@sp/features';
import { uniform } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { trainClusters } from './train-clusters';

/** Groups of clients around made-up habits, some values missing, one client who is like nobody. */
function habits(centres: readonly (readonly number[])[], each: number): number[][] {
  const rows = centres.flatMap((centre, group) => Array.from({ length: each }, (_, member) => centre.map((value, column) => (uniform('gap', group, member, column) < 0.03 ? NaN : value * (0.8 + 0.4 * uniform(group, member, column))))));
  return [...rows, centres[0]!.map(() => 1e9)];
}

function mostCommon(clusters: readonly number[]): { cluster: number; members: number } {
  const members = (cluster: number): number => clusters.filter((own) => own === cluster).length;
  const cluster = [...new Set(clusters)].reduce((best, one) => (members(one) > members(best) ? one : best));
  return { cluster, members: members(cluster) };
}

const three = habits([[2, 100_000, 0.1], [40, 300, 0.9], [40, 90_000, 5]], 120);
const trained = trainClusters({ kind: 'client-clusters', columns: ['purchases', 'spendMinor', 'share'], rows: three }, 7);

describe('trainClusters', () => {
  it('finds how many groups there are, and who belongs together', () => {
    expect(trained.model.centres).toHaveLength(3);
    // Who lacks a telling value may stand elsewhere; nearly all stand with their own, and no two groups together.
    const main = [0, 1, 2].map((group) => mostCommon(trained.assigned.slice(group * 120, (group + 1) * 120)));
    expect(new Set(main.map(({ cluster }) => cluster)).size).toBe(3);
    expect(Math.min(...main.map(({ members }) => members))).toBeGreaterThan(110);
    expect(trained.tried.find(({ clusters }) => clusters === 3)!.silhouette).toBeGreaterThan(0.6);
    expect(trained.model.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });

  it('gives the same clusters for the same seed, and assigns as it was trained', () => {
    expect(trainClusters({ kind: 'client-clusters', columns: trained.model.columns, rows: three }, 7)).toEqual(trained);
    expect(three.map((row) => assignCluster(trained.model, row))).toEqual(trained.assigned);
  });

  it('refuses too few rows', () => {
    expect(() => trainClusters({ kind: 'client-clusters', columns: ['a'], rows: [[1], [2]] }, 1)).toThrow(RangeError);
  });
});

describe('shareDrift', () => {
  it('is small where the shares are those of training, and large where they have moved', () => {
    expect(shareDrift([0.5, 0.3, 0.2], [498, 305, 197])).toBeLessThan(0.01);
    expect(shareDrift([0.5, 0.3, 0.2], [200, 300, 500])).toBeGreaterThan(0.25);
    expect([shareDrift([0.5, 0.5], [0, 0]), Number.isFinite(shareDrift([1, 0], [0, 10]))]).toEqual([0, true]);
  });
});

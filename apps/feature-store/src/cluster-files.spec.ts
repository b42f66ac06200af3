import { assignCluster, featureNames } from '@sp/features';
import { repositoryFolder } from '@sp/testing';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clusterKinds } from './cluster-assignments';
import { listClusters, loadClusters } from './cluster-files';

const models = join(repositoryFolder(), 'models');

it.each(clusterKinds)('ships %s that load, with seed, criterion and provenance, and give everybody a group', (kind) => {
  const [shipped] = listClusters(models, kind);
  expect(shipped?.card).toMatchObject({ kind, seed: expect.any(Number), criterion: expect.stringContaining('silhouette'), provenance: expect.stringMatching(/^simulated/), tried: expect.any(Array) });
  if (kind === 'client-clusters') expect(shipped!.model.columns.filter((column) => !featureNames.includes(column))).toEqual([]);
  expect(shipped!.model.centres).toHaveLength(shipped!.model.shares.length);
  expect(assignCluster(shipped!.model, shipped!.model.columns.map(() => NaN))).toBeGreaterThanOrEqual(0);
});

it('says why an artefact cannot be used', () => {
  expect(loadClusters(models, 'client-clusters', '000000000000')).toContain('no client-clusters');
  expect(loadClusters(models, 'client-clusters', '../champion')).toContain('no client-clusters');
});

import { contributionsOf, marginOf } from '@sp/offers';
import { repositoryFolder } from '@sp/testing';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openModelStore } from './model-store';
import { exportBinaryModel } from './onnx-export';
import { decodeModel } from './onnx-schema';
import { readTrees } from './read-trees';
import { openScorer } from './scorer';

it('reads of the shipped model the trees that the runtime scores with, and takes a score apart to its margin', async () => {
  const store = openModelStore(join(repositoryFolder(), 'models'));
  const { bytes, card } = await store.load('redemption', (await store.champion('redemption'))!);
  const columns = card.featureNames.length;
  const trees = readTrees(bytes, columns);
  const rows = Array.from({ length: 50 }, (_, row) => Array.from({ length: columns }, (_, column) => ((row * 31 + column * 17) % 7 === 0 ? NaN : ((row * 13 + column * 29) % 97) / 3)));
  const scorer = await openScorer({ model: bytes, threads: 0 });
  const scores = await scorer.score(Float32Array.from(rows.flat()), rows.length);
  await scorer.close();
  for (const [place, row] of rows.entries()) {
    const { bias, byFeature } = contributionsOf(trees, row);
    const margin = bias + byFeature.reduce((sum, one) => sum + one, 0);
    expect(margin).toBeCloseTo(marginOf(trees, row), 9);
    expect(1 / (1 + Math.exp(-margin))).toBeCloseTo(scores[place]!, 5);
  }
});

it('keeps the covers that XGBoost names, and the runtime takes the model with them', async () => {
  const tree = { left_children: [1, -1, -1], right_children: [2, -1, -1], split_indices: [0, 0, 0], split_conditions: [0.5, -1, 1], default_left: [1, 0, 0], sum_hessian: [10, 4, 6] };
  const learner = { objective: { name: 'binary:logistic' }, learner_model_param: { base_score: '5E-1', num_feature: '1' }, gradient_booster: { name: 'gbtree', model: { trees: [tree] } } };
  const bytes = exportBinaryModel(JSON.stringify({ learner }), { featureNames: ['f'] });
  expect(decodeModel(bytes).graph.node[0]?.opType).toBe('TreeEnsembleRegressor');
  const ensemble = readTrees(bytes, 1);
  expect(ensemble.trees[0]).toMatchObject({ cover: [10, 4, 6], left: [1, -1, -1], threshold: [0.5, -1, 1] });
  expect(contributionsOf(ensemble, [1]).bias).toBeCloseTo(0.2, 12);
  const scorer = await openScorer({ model: bytes, threads: 0 });
  expect((await scorer.score(Float32Array.of(1), 1))[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
  await scorer.close();
});

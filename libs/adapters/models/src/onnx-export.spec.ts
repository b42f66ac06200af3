import { describe, expect, it } from 'vitest';
import { exportBinaryModel, OUTPUT_NAME } from './onnx-export';
import { checkParity, ParityError } from './parity';
import { openScorer } from './scorer';
import { syntheticExamples } from './testing/synthetic-examples';
import { trainedModel, xgboostPaths } from './testing/trained-model';
import { UnsupportedModelError } from './xgboost-trees';

describe.skipIf(!xgboostPaths)('the export of real trees (skipped where XGBOOST_LIBRARY is not to be found)', () => {
  it('agrees with XGBoost within 1e-5 on unseen rows, missing values included', async () => {
    const { booster, model } = trainedModel({ rounds: 200 });
    const { features, rows } = syntheticExamples({ rows: 1_000, columns: 6, seed: 9 });
    expect(features.some((value) => Number.isNaN(value))).toBe(true);
    const parity = await checkParity({ booster, model, features, rows });
    expect(parity.rows).toBe(1_000);
    expect(parity.maximumDifference).toBeLessThan(1e-5);
    booster.free();
  });

  it('agrees on values that stand exactly on a threshold', async () => {
    const { booster, model } = trainedModel();
    const thresholds = splitsOf(booster.dumpJson());
    const features = Float32Array.from({ length: 6 * 500 }, (_, i) => thresholds[i % thresholds.length] ?? NaN);
    await checkParity({ booster, model, features, rows: 500 });
    booster.free();
  });

  it('agrees for pruned trees and for trees of a single leaf', async () => {
    for (const params of [{ gamma: 5, tree_method: 'exact' }, { gamma: 1e9 }, { max_depth: 1 }]) {
      const { booster, model, examples } = trainedModel({ params, rounds: 20 });
      await checkParity({ booster, model, features: examples.features, rows: examples.rows });
      booster.free();
    }
  });

  it('refuses a model that belongs to other trees, with the figures', async () => {
    const [one, other] = [trainedModel(), trainedModel({ rounds: 61 })];
    const { features } = one.examples;
    const refused = await checkParity({ booster: other.booster, model: one.model, features, rows: 100 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ParityError);
    expect(refused).toMatchObject({ parity: { rows: 100, maximumDifference: expect.closeTo(0.02, 1) } });
    one.booster.free();
    other.booster.free();
  });

  it('refuses a wrong number of names and another objective', () => {
    const { booster } = trainedModel({ rounds: 1 });
    expect(() => exportBinaryModel(booster.dumpJson(), { featureNames: ['a'] })).toThrow(UnsupportedModelError);
    const other = booster.dumpJson().replace('binary:logistic', 'count:poisson');
    expect(() => exportBinaryModel(other, { featureNames: ['a'] })).toThrow(/count:poisson/);
    booster.free();
  });
});

describe('the export of a tree written by hand', () => {
  const featureNames = ['amount', 'gap'];

  it('goes left below the threshold, right on it, and where the tree says for a missing value', async () => {
    const model = exportBinaryModel(handmade({ defaultLeft: 1 }), { featureNames });
    expect(await scoresOf(model, [0.49, 0.5, NaN])).toEqual([sigmoid(-2), sigmoid(3), sigmoid(-2)].map(nearly));
    const turned = exportBinaryModel(handmade({ defaultLeft: 0 }), { featureNames });
    expect(await scoresOf(turned, [0.49, 0.5, NaN])).toEqual([sigmoid(-2), sigmoid(3), sigmoid(3)].map(nearly));
  });

  it('adds the base score as a logit, in the spelling of either version', async () => {
    const ofOdds3 = sigmoid(-2 + Math.log(3));
    for (const baseScore of ['7.5E-1', '[7.5E-1]']) {
      const model = exportBinaryModel(handmade({ baseScore }), { featureNames });
      expect((await scoresOf(model, [0]))[0]).toBeCloseTo(ofOdds3, 6);
    }
  });

  it('names its output and carries the features’ names', () => {
    const text = Buffer.from(exportBinaryModel(handmade({}), { featureNames })).toString('latin1');
    expect(text).toContain(OUTPUT_NAME);
    expect(text).toContain('["amount","gap"]');
  });

  it('refuses what is not a model', () => {
    expect(() => exportBinaryModel('{}', { featureNames })).toThrow(UnsupportedModelError);
  });
});

/** One split of the second column at 0.5: -2 below, 3 from there on. */
function handmade({ defaultLeft = 1, baseScore = '5E-1' }): string {
  const tree = { left_children: [1, -1, -1], right_children: [2, -1, -1], split_indices: [1, 0, 0], split_conditions: [0.5, -2, 3], default_left: [defaultLeft, 0, 0] };
  return JSON.stringify({
    learner: {
      objective: { name: 'binary:logistic' },
      learner_model_param: { base_score: baseScore, num_feature: '2' },
      gradient_booster: { name: 'gbtree', model: { trees: [tree] } },
    },
  });
}

async function scoresOf(model: Uint8Array, gaps: readonly number[]): Promise<number[]> {
  const scorer = await openScorer({ model, threads: 0 });
  const features = Float32Array.from(gaps.flatMap((gap) => [7, gap]));
  const scores = await scorer.score(features, gaps.length);
  await scorer.close();
  return [...scores];
}

function nearly(value: number): unknown {
  return expect.closeTo(value, 6);
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function splitsOf(modelJson: string): number[] {
  const { trees } = JSON.parse(modelJson).learner.gradient_booster.model;
  return trees.flatMap((tree: { left_children: number[]; split_conditions: number[] }) => tree.split_conditions.filter((_, node) => tree.left_children[node] !== -1));
}

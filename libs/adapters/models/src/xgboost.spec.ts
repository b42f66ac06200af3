import { rocAuc } from '@sp/learning';
import { beforeAll, describe, expect, it } from 'vitest';
import { syntheticExamples } from './testing/synthetic-examples';
import type { Xgboost } from './xgboost';
import { findXgboost, openXgboost } from './xgboost';
import type { XgboostPaths } from './xgboost-library';
import { XgboostError } from './xgboost-library';

const paths = findXgboost();

describe.skipIf(!paths)('XGBoost’s library (skipped where XGBOOST_LIBRARY is not to be found)', () => {
  const found = paths as XgboostPaths;
  let xgboost: Xgboost;
  beforeAll(() => void (xgboost = openXgboost(found)));

  const { features, rows, columns, labels } = syntheticExamples({ rows: 2_000, columns: 6, seed: 1 });
  const options = { features, rows, columns, labels, params: { max_depth: 4, eta: 0.2 }, rounds: 40, seed: 5 };

  it('learns a rule with missing values that it can be asked again for rows it has not seen', () => {
    const booster = xgboost.train(options);
    const fresh = syntheticExamples({ rows: 2_000, columns: 6, seed: 2 });
    expect(rocAuc(fresh.labels, booster.predict(fresh.features, fresh.rows))).toBeGreaterThan(0.85);
    booster.free();
  });

  it('grows the same trees for the same seed, with any number of threads', () => {
    const params = { ...options.params, subsample: 0.7 };
    const [one, two] = [1, 2].map((threads) => openXgboost(found, { threads }).train({ ...options, params }));
    const [again, other] = [5, 6].map((seed) => xgboost.train({ ...options, params, seed }));
    const predictions = [one, two, again, other].map((booster) => booster?.predict(features, rows));
    expect(predictions[1]).toEqual(predictions[0]);
    expect(predictions[2]).toEqual(predictions[0]);
    expect(predictions[3]).not.toEqual(predictions[0]);
    for (const booster of [one, two, again, other]) booster?.free();
  });

  it('starts from the share of positives', () => {
    const booster = xgboost.train({ ...options, params: { max_depth: 1, eta: 0.0001 }, rounds: 1 });
    const share = labels.reduce((sum, label) => sum + label, 0) / rows;
    expect(booster.predict(features, rows)[0]).toBeCloseTo(share, 3);
    booster.free();
  });

  it('stops early where the labels of the watched rows are noise, and keeps the best round’s model', () => {
    const watched = syntheticExamples({ rows: 400, columns: 6, seed: 3 });
    const noise = watched.labels.map((_, row) => (row * 7) % 2);
    const booster = xgboost.train({ ...options, rounds: 200, validation: { ...watched, labels: noise, stopAfterRounds: 5 } });
    expect(booster.rounds).toBeLessThan(20);
    expect(JSON.parse(booster.dumpJson()).learner.gradient_booster.model.trees).toHaveLength(booster.rounds);
    booster.free();
  });

  it('gives a probability a class for a softmax', () => {
    const classes = labels.map((label, row) => label + (row % 2));
    const booster = xgboost.train({ ...options, labels: classes, params: { objective: 'multi:softprob', num_class: 3, base_score: 0.5, max_depth: 3 }, rounds: 5 });
    const predicted = booster.predict(features, 4);
    expect(predicted).toHaveLength(12);
    for (const row of [0, 1, 2, 3]) expect(predicted.subarray(3 * row, 3 * row + 3).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    booster.free();
  });

  it('weighs rows', () => {
    const weights = labels.map((label) => (label === 1 ? 10 : 1));
    const [plain, weighted] = [xgboost.train(options), xgboost.train({ ...options, weights })];
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / rows;
    expect(mean(weighted.predict(features, rows))).toBeGreaterThan(mean(plain.predict(features, rows)) + 0.05);
    plain.free();
    weighted.free();
  });

  it('reports the library’s own words when it refuses a parameter', () => {
    expect(() => xgboost.train({ ...options, params: { objective: 'no:such-thing' } })).toThrow(/Unknown objective function/);
  });

  it('refuses arrays of the wrong size instead of reading beyond their end, and a freed booster', () => {
    expect(() => xgboost.train({ ...options, rows: rows + 1 })).toThrow(XgboostError);
    const booster = xgboost.train({ ...options, rounds: 1 });
    expect(() => booster.predict(features, rows + 1)).toThrow(XgboostError);
    booster.free();
    expect(() => booster.predict(features, rows)).toThrow(/freed/);
  });
});

describe('openXgboost', () => {
  it('says which file cannot be loaded', () => {
    expect(() => openXgboost({ xgboost: '/nowhere/libxgboost.so' })).toThrow(/\/nowhere\/libxgboost\.so/);
    expect(findXgboost({ XGBOOST_LIBRARY: '/nowhere/libxgboost.so' })).toBeUndefined();
  });
});

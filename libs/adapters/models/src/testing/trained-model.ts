import type { Booster, Examples } from '@sp/learning';
import { exportBinaryModel } from '../onnx-export';
import { findXgboost, openXgboost } from '../xgboost';
import { syntheticExamples } from './synthetic-examples';

export const xgboostPaths = findXgboost();

export interface TrainedModel {
  readonly examples: Examples;
  readonly booster: Booster;
  readonly featureNames: readonly string[];
  readonly model: Uint8Array;
}

/** Real trees on synthetic rows, exported. The caller frees the booster. */
export function trainedModel({ rows = 2_000, columns = 6, rounds = 60, params = {} } = {}): TrainedModel {
  if (!xgboostPaths) throw new Error('XGBoost’s library is not to be found');
  const examples = syntheticExamples({ rows, columns, seed: 1 });
  const booster = openXgboost(xgboostPaths).train({ ...examples, params: { max_depth: 6, eta: 0.1, ...params }, rounds, seed: 5 });
  const featureNames = Array.from({ length: columns }, (_, column) => `f${column}`);
  return { examples, booster, featureNames, model: exportBinaryModel(booster.dumpJson(), { featureNames }) };
}

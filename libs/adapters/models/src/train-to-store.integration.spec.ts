import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rocAuc, trainRedemption } from '@sp/learning';
import { describe, expect, it } from 'vitest';
import { hashExamples } from './hash-examples';
import { openModelStore } from './model-store';
import { exportBinaryModel } from './onnx-export';
import { checkParity } from './parity';
import { openScorer } from './scorer';
import { syntheticExamples } from './testing/synthetic-examples';
import { xgboostPaths } from './testing/trained-model';
import { openXgboost } from './xgboost';

// Real: XGBoost, the runtime, the files. The examples are synthetic.
describe.skipIf(!xgboostPaths)('from examples to a stored model (skipped where XGBOOST_LIBRARY is not to be found)', () => {
  it('trains, exports, proves and stores a model that scores as its card says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'models-'));
    const rows = syntheticExamples({ rows: 3_000, columns: 6, seed: 1 });
    const featureNames = Array.from({ length: 6 }, (_, column) => `f${column}`);
    const about = { name: 'redemption', trainedAt: '2026-01-01T00:00:00Z', dataHash: hashExamples(rows, featureNames), note: 'synthetic data' };
    const trained = trainRedemption({ trainer: openXgboost(xgboostPaths ?? { xgboost: '' }), rows, featureNames, seed: 5, about, fitOn: 'train-part' });
    if (trained.outcome !== 'trained') throw new Error(trained.reason);
    const model = exportBinaryModel(trained.booster.dumpJson(), { featureNames });
    const parity = await checkParity({ booster: trained.booster, model, features: rows.features, rows: 1_000 });
    trained.booster.free();

    const { version } = await openModelStore(folder).save('redemption', model, { ...trained.card, parity });
    const { bytes, card } = await openModelStore(folder).load('redemption', version);
    const scorer = await openScorer({ model: bytes, threads: 0 });
    const test = { from: 2_250, rows: 750 };
    const scores = await scorer.score(rows.features.subarray(test.from * 6), test.rows);
    await scorer.close();
    await rm(folder, { recursive: true });

    expect(card.metrics.test.rocAuc).toBeGreaterThan(0.85);
    expect(rocAuc(rows.labels.subarray(test.from), scores)).toBeCloseTo(card.metrics.test.rocAuc ?? NaN, 3);
    expect(Math.abs((card.metrics.test.rocAuc ?? 0) - (card.metrics.crossValidation.rocAuc ?? 1))).toBeLessThan(0.05);
  });
});

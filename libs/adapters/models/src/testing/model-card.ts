import type { UnsavedModelCard } from '@sp/learning';
import { measure } from '@sp/learning';

export function anUnsavedCard(changes: Partial<UnsavedModelCard> = {}): UnsavedModelCard {
  const metrics = measure(Float32Array.of(0, 1), Float32Array.of(0.2, 0.7), { threshold: 0.5, beta: 0.25 });
  return {
    name: 'redemption',
    trainedAt: '2026-01-01T00:00:00Z',
    dataRange: { fromMs: 0, toMs: 1 },
    testFromMs: 1,
    dataHash: 'abc',
    featureNames: ['amount'],
    rows: 2,
    positives: 1,
    fittedOn: 'all-rows',
    libraryVersion: 'xgboost 1.7.4',
    seed: 1,
    params: { max_depth: 3 },
    rounds: 10,
    threshold: 0.5,
    metrics: { crossValidation: metrics, test: metrics },
    note: 'simulated data',
    parity: { rows: 1_000, maximumDifference: 1e-7 },
    ...changes,
  };
}

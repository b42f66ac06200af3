import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScorer } from './scorer';
import { syntheticExamples } from './testing/synthetic-examples';
import type { TrainedModel } from './testing/trained-model';
import { trainedModel, xgboostPaths } from './testing/trained-model';
import { findWorkerFile } from './worker-scorer';

// Real: the runtime, the worker threads, the trees and the build of the worker.
describe.skipIf(!xgboostPaths)('openScorer (skipped where XGBOOST_LIBRARY is not to be found)', () => {
  // Inside the project, so that the built worker finds its packages.
  const folder = resolve('node_modules/.cache/score-worker-spec');
  const workerFile = join(folder, 'workers/score.js');
  const batch = syntheticExamples({ rows: 2_000, columns: 6, seed: 4 });
  let trained: TrainedModel;

  beforeAll(async () => {
    trained = trainedModel();
    await buildWorker(folder);
  });
  afterAll(async () => {
    trained.booster.free();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([1, 2])('gives the same numbers by %d workers and on the main thread', async (threads) => {
    const byWorkers = await openScorer({ model: trained.model, threads, workerFile });
    const onMain = await openScorer({ model: trained.model, threads: 0 });
    expect([byWorkers.largeBatchesOn, onMain.largeBatchesOn]).toEqual(['workers', 'main-thread']);
    for (const rows of [0, 1, 64, 65, 511, 2_000]) {
      const [a, b] = await Promise.all([byWorkers.score(batch.features, rows), onMain.score(batch.features, rows)]);
      expect(a).toHaveLength(rows);
      expect(a).toEqual(b);
    }
    await byWorkers.close();
    await onMain.close();
  });

  it('scores many batches at once without mixing them up', async () => {
    const scorer = await openScorer({ model: trained.model, threads: 2, workerFile });
    const whole = await scorer.score(batch.features, 2_000);
    const parts = Array.from({ length: 20 }, (_, part) => scorer.score(batch.features.subarray(part * 600, part * 600 + 600), 100));
    for (const [part, scores] of (await Promise.all(parts)).entries()) expect(scores).toEqual(whole.slice(part * 100, part * 100 + 100));
    await scorer.close();
  });

  it('ends the batches under way when closed, and takes no more', async () => {
    const scorer = await openScorer({ model: trained.model, threads: 1, workerFile });
    const underWay = [2_000, 10].map((rows) => scorer.score(batch.features, rows));
    await scorer.close();
    expect((await Promise.all(underWay)).map((scores) => scores.length)).toEqual([2_000, 10]);
    await expect(scorer.score(batch.features, 1)).rejects.toThrow(/closed/);
    await scorer.close();
  });

  it('opens a model from a file', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'scorer-'));
    await writeFile(join(temporary, 'model.onnx'), trained.model);
    const scorer = await openScorer({ modelPath: join(temporary, 'model.onnx'), threads: 0 });
    expect(scorer.columns).toBe(6);
    expect((await scorer.score(batch.features, 3)).length).toBe(3);
    await scorer.close();
    await rm(temporary, { recursive: true });
  });

  it('refuses too few values and bytes that are no model', async () => {
    const scorer = await openScorer({ model: trained.model, threads: 0 });
    await expect(scorer.score(new Float32Array(5), 1)).rejects.toThrow(RangeError);
    await scorer.close();
    await expect(openScorer({ model: Buffer.from('no model'), threads: 1, workerFile })).rejects.toThrow();
  });
});

describe('findWorkerFile', () => {
  it('finds nothing in a folder without a build', () => {
    expect(findWorkerFile('file:///nowhere/chunks/models.js')).toBeUndefined();
  });
});

async function buildWorker(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { tsconfigPaths: true },
    build: { ssr: true, target: 'node20', outDir, emptyOutDir: true, rolldownOptions: { input: { 'workers/score': resolve(import.meta.dirname, 'score.worker.ts') } } },
  });
}

import { reportPage, runPipeline, tableOf, trainRedemption, type Candidate, type Examples, type PipelineReport, type Trainer } from '@sp/learning';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashExamples } from './hash-examples';
import { openModelStore } from './model-store';
import { exportBinaryModel } from './onnx-export';
import { checkParity } from './parity';
import { readExamples, type TrainingOrder } from './training-order';
import { findXgboost, openXgboost } from './xgboost';

/** Rows scored by XGBoost and by ONNX before a model may be stored. */
const parityRows = 1_000;
/** The search for a candidate ends with the rung that it is in after so long. */
const searchSeconds = 300;

/**
 * The training child: `node train-redemption.js ORDER.json`. XGBoost's calls are synchronous and its threads spin, so it has a
 * process of its own. Prints the stored model's card as its last line.
 */
async function main(): Promise<void> {
  const [, , file] = process.argv;
  if (!file) throw new Error('the training child wants the path of its order');
  const order = JSON.parse(await readFile(file, 'utf8')) as TrainingOrder;
  const paths = findXgboost();
  if (!paths) throw new Error("XGBoost's library is not to be found: set XGBOOST_LIBRARY to libxgboost.so");
  const rows = await readExamples(order);
  const { featureNames, seed, name, trainedAt, note, fitOn = 'all-rows' } = order;
  const trainer = openXgboost(paths);
  const searched = search(trainer, rows, order);
  const trained = trainRedemption({ trainer, rows, featureNames, seed, fitOn, candidates: searched.candidates, about: { name, trainedAt, note, dataHash: hashExamples(rows, featureNames) } });
  if (trained.outcome !== 'trained') throw new Error(trained.reason);
  const model = exportBinaryModel(trained.booster.dumpJson(), { featureNames });
  const parity = await checkParity({ booster: trained.booster, model, features: rows.features, rows: Math.min(parityRows, rows.rows) });
  trained.booster.free();
  const store = openModelStore(order.modelsFolder);
  const card = await store.save(name, model, { ...trained.card, parity });
  await store.setChampion(name, card.version);
  const report = join(order.modelsFolder, name, `${card.version}.report`);
  await writeFile(`${report}.json`, JSON.stringify(searched.report, null, 2));
  await writeFile(`${report}.html`, reportPage(`${name} ${card.version}`, note, searched.report));
  process.stdout.write(`${JSON.stringify(card)}\n`);
}

/**
 * The pipeline compares linear and non-linear candidates and writes the report. What is stored must be trees, since these are what
 * the line's runtime is given; where a linear model is the better one, the report says by how much, and the best trees are taken.
 */
function search(trainer: Trainer, rows: Examples, { featureNames, seed }: TrainingOrder): { readonly report: PipelineReport; readonly candidates: readonly Candidate[] } {
  const endsAt = Date.now() + searchSeconds * 1_000;
  const searched = runPipeline({ trainer, table: tableOf(rows.features, rows.rows, featureNames), labels: rows.labels, timesMs: rows.timesMs, seed, isTimeLeft: () => Date.now() < endsAt });
  if (searched.outcome !== 'trained') throw new Error(searched.reason);
  searched.model.free();
  const best = searched.tried.find((candidate) => candidate.kind !== 'logistic-regression');
  if (best === undefined) throw new Error('no candidate of trees was tried');
  return { report: searched.report, candidates: [{ params: best.params, rounds: best.rounds }] };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

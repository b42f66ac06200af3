import { trainRedemption } from '@sp/learning';
import { readFile } from 'node:fs/promises';
import { hashExamples } from './hash-examples';
import { openModelStore } from './model-store';
import { exportBinaryModel } from './onnx-export';
import { checkParity } from './parity';
import { readExamples, type TrainingOrder } from './training-order';
import { findXgboost, openXgboost } from './xgboost';

/** Rows scored by XGBoost and by ONNX before a model may be stored. */
const parityRows = 1_000;

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
  const { featureNames, seed, name, trainedAt, note } = order;
  const trained = trainRedemption({ trainer: openXgboost(paths), rows, featureNames, seed, about: { name, trainedAt, note, dataHash: hashExamples(rows, featureNames) } });
  if (trained.outcome !== 'trained') throw new Error(trained.reason);
  const model = exportBinaryModel(trained.booster.dumpJson(), { featureNames });
  const parity = await checkParity({ booster: trained.booster, model, features: rows.features, rows: Math.min(parityRows, rows.rows) });
  trained.booster.free();
  const store = openModelStore(order.modelsFolder);
  const card = await store.save(name, model, { ...trained.card, parity });
  await store.setChampion(name, card.version);
  process.stdout.write(`${JSON.stringify(card)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

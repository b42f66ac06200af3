/** `npm run train`: makes the shipped redemption model anew, from events that the simulated bank sent through the public doors. */
import { connectClickHouse, readRedemptionExamples, readTrainingSetCard, type RedemptionExample, type TrainingSetCard } from '@sp/clickhouse';
import { featureNames } from '@sp/features';
import type { Examples } from '@sp/learning';
import { writeOrder } from '@sp/models';
import { modelFeatureNames } from '@sp/offers';
import { builtFile, findXgboost, onParentGone, Refusal, removeDataFolder, repositoryFolder, runToEnd, startLine, xgboostEnvironment, type Line } from '@sp/testing';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Hour by hour as the line carries it: an offer that comes hours late teaches little. */
const simulatedHoursPerSecond = '0';

const usage = 'npm run train [-- --clients N --days N --seed N --data FOLDER]';
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

interface Wish {
  readonly clients: number;
  readonly days: number;
  readonly seed: number;
  readonly folder: string;
}

async function main(): Promise<void> {
  const wish = wishOf();
  onParentGone(() => process.exit(1));
  const library = await findXgboost(join(repositoryFolder(), '.cache'), say);
  if (!library) throw new Refusal("Training needs XGBoost's library: install the package libxgboost0, or set XGBOOST_LIBRARY to its file.");
  await removeDataFolder(wish.folder).catch(() => undefined);
  // Without any model: what is learned from is the random arm, and the features may be newer than the stored models.
  const line = await startLine({ folder: wish.folder, clock: 'events', sync: 'default', onProgress: say, env: { LOG_LEVEL: 'warn', EXPERIMENT: 'all-random', MODELS_FOLDER: join(wish.folder, 'no-models') } });
  try {
    await simulate(line, wish);
    const { examples, card } = await settledExamples(line);
    const set = trainingSetText(card);
    say(set);
    await train(examples, { ...wish, set }, xgboostEnvironment(library));
  } finally {
    await line.stop(say);
  }
}

function wishOf(): Wish {
  const options = { clients: { type: 'string', default: '1500' }, days: { type: 'string', default: '60' }, seed: { type: 'string', default: '7' }, data: { type: 'string', default: '.data/train' } } as const;
  try {
    const { values } = parseArgs({ options });
    return { clients: Number(values.clients), days: Number(values.days), seed: Number(values.seed), folder: resolve(values.data) };
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${usage}`);
  }
}

async function simulate(line: Line, { clients, days, seed, folder }: Wish): Promise<void> {
  const env = {
    INGEST_URL: line.urls.ingest, NATS_URL: line.urls.nats, SIMULATOR_STATE_FOLDER: join(folder, 'bank-simulator'), SIMULATOR_HOURS_PER_SECOND: simulatedHoursPerSecond,
    SIMULATOR_CLIENTS: String(clients), SIMULATOR_DAYS: String(days), SIMULATOR_SEED: String(seed),
  };
  await runToEnd({ name: 'simulated bank', command: process.execPath, args: [builtFile('apps/bank-simulator.js')], env, onLine: say });
}

/** The figures follow the line: what is read is complete when two looks in a row agree. */
async function settledExamples(line: Line): Promise<{ examples: RedemptionExample[]; card: TrainingSetCard }> {
  const client = connectClickHouse(line.urls.clickhouse);
  try {
    for (let before = -1; ; ) {
      await new Promise((resume) => setTimeout(resume, 5_000));
      const examples = await readRedemptionExamples(client);
      if (examples.length === before) return { examples, card: await readTrainingSetCard(client) };
      before = examples.length;
    }
  } finally {
    await client.close();
  }
}

/** What is learned from, and what is not and why: it goes into the model's card. */
function trainingSetText({ examples, redeemed, takenBack, leftOut }: TrainingSetCard): string {
  const out = Object.entries(leftOut).map(([reason, offers]) => `${offers} ${reason}`).join(', ');
  return `${examples} offers as examples, ${redeemed} redeemed, ${takenBack} taken back; left out: ${out}`;
}

async function train(examples: readonly RedemptionExample[], { clients, days, seed, folder, set }: Wish & { readonly set: string }, env: Record<string, string>): Promise<void> {
  const order = join(folder, 'training-order.json');
  await mkdir(folder, { recursive: true });
  const note = `simulated data: ${clients} clients of the simulated bank over ${days} days (seed ${seed}), offers of the random arm: ${set}`;
  const names = modelFeatureNames(featureNames);
  await writeOrder(order, { name: 'redemption', featureNames: names, seed, note, trainedAt: new Date().toISOString(), modelsFolder: join(repositoryFolder(), 'models') }, asExamples(examples, names.length));
  const said = await runToEnd({ name: 'training', command: process.execPath, args: [builtFile('workers/train-redemption.js'), order], env: { ...env, OMP_WAIT_POLICY: 'PASSIVE' } });
  const card = JSON.parse(said.trim().split('\n').at(-1) ?? '{}') as { version: string; metrics: unknown };
  say(`stored and made champion: redemption ${card.version}\n${JSON.stringify(card.metrics, null, 2)}`);
}

function asExamples(examples: readonly RedemptionExample[], columns: number): Examples {
  const features = new Float32Array(examples.length * columns);
  for (const [row, example] of examples.entries()) {
    if (example.features.length !== columns) throw new Error(`an outcome has ${example.features.length} features, the model takes ${columns}`);
    features.set(example.features, row * columns);
  }
  return { features, rows: examples.length, columns, labels: Float32Array.from(examples, ({ redeemed }) => (redeemed ? 1 : 0)), timesMs: Float64Array.from(examples, ({ issuedAtMs }) => issuedAtMs) };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});

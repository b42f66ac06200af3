import type { Examples } from '@sp/learning';
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { openModelStore, type StoredModel } from './model-store';
import { writeOrder, type TrainingOrder } from './training-order';
import { findWorkerFile } from './worker-scorer';

/** The child ended without a model; the message is its own last line. */
export class TrainingFailure extends Error {
  override readonly name = 'TrainingFailure';
}

export interface ChildTraining {
  /** For the order, the rows and the result; emptied at the start. */
  readonly folder: string;
  readonly order: Omit<TrainingOrder, 'rows' | 'featuresFile' | 'labels' | 'timesMs' | 'modelsFolder'>;
  readonly examples: Examples;
  readonly signal?: AbortSignal;
}

/** Trains in a process of its own at the lowest priority, so that the line's latency does not feel it. Throws TrainingFailure. */
export async function trainInChild({ folder, order, examples, signal }: ChildTraining): Promise<StoredModel> {
  const worker = findWorkerFile(import.meta.url, 'train-redemption');
  if (worker === undefined) throw new TrainingFailure('the training worker is not built');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'order.json');
  const modelsFolder = join(folder, 'models');
  await writeOrder(file, { ...order, modelsFolder }, examples);
  const said = await run(worker, file, signal);
  const { version } = JSON.parse(said.trim().split('\n').at(-1) ?? '{}') as { version: string };
  return openModelStore(modelsFolder).load(order.name, version);
}

function run(worker: string, file: string, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((settle, refuse) => {
    // Idle OpenMP threads must sleep, or busy cores make training ten times slower.
    const child = spawn(process.execPath, [worker, file], { env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' }, stdio: ['ignore', 'pipe', 'pipe'], ...(signal && { signal }) });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.once('error', (cause) => refuse(new TrainingFailure(`the training child could not run: ${cause.message}`, { cause })));
    child.once('close', (code) => (code === 0 ? settle(output) : refuse(new TrainingFailure(errors.trim().split('\n').at(-1) || `the training child ended with code ${code}`))));
  });
}

import { workerData } from 'node:worker_threads';
import type { OnnxSession } from './onnx-session';
import { openSession } from './onnx-session';

export type ScoreTask = { readonly features: Float32Array; readonly rows: number } | 'open' | 'release';

/** Opened when the worker starts, so that no batch waits for it. */
const session: Promise<OnnxSession> = openSession((workerData as { readonly model: Uint8Array }).model);

/** One worker holds one session of the model that it was started with; see `worker-scorer.ts` for its end. */
export default async function score(task: ScoreTask): Promise<Float32Array> {
  const { run, release } = await session;
  if (task === 'release') await release();
  return typeof task === 'string' ? new Float32Array() : await run(task.features, task.rows);
}

import { readFile } from 'node:fs/promises';
import type { OnnxSession } from './onnx-session';
import { openSession } from './onnx-session';
import type { WorkerScorer } from './worker-scorer';
import { findWorkerFile, openWorkerScorer } from './worker-scorer';

/** A call of so few rows takes less time than a message to a worker and back. */
export const MAIN_THREAD_ROWS = 64;

export interface BatchScorer {
  /** Number of features a row. */
  readonly columns: number;
  /** Where batches above MAIN_THREAD_ROWS are scored; on the main thread each of them blocks the event loop. */
  readonly largeBatchesOn: 'workers' | 'main-thread';
  /** Row-major features, missing is NaN; the array must not be changed before the promise is settled. */
  score(features: Float32Array, rows: number): Promise<Float32Array>;
  /** Waits for batches under way and gives back the model's memory. */
  close(): Promise<void>;
}

export type ScorerOptions = ({ readonly model: Uint8Array } | { readonly modelPath: string }) & {
  /** Worker threads for large batches; 0 means none. */
  readonly threads: number;
  /** The built worker, where it does not lie beside the caller's build. */
  readonly workerFile?: string;
};

/** Opens one session here and one in each worker. Rejects where the bytes are not a model that the runtime can read. */
export async function openScorer(options: ScorerOptions): Promise<BatchScorer> {
  const model = 'model' in options ? options.model : await readFile(options.modelPath);
  const session = await openSession(model);
  try {
    return scorerOf(session, await openWorkers(model, options));
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function openWorkers(model: Uint8Array, { threads, workerFile = findWorkerFile() }: ScorerOptions): Promise<WorkerScorer | undefined> {
  if (threads < 1 || workerFile === undefined) return undefined;
  return openWorkerScorer({ model, threads, workerFile });
}

function scorerOf(session: OnnxSession, workers: WorkerScorer | undefined): BatchScorer {
  const { columns } = session;
  const underWay = new Set<Promise<Float32Array>>();
  let closing: Promise<void> | undefined;
  return {
    columns,
    largeBatchesOn: workers ? 'workers' : 'main-thread',
    score(features, rows) {
      if (closing) return Promise.reject(new Error('the scorer was closed'));
      if (features.length < rows * columns) return Promise.reject(new RangeError(`${features.length} feature values do not make ${rows} rows of ${columns}`));
      const scores = workers && rows > MAIN_THREAD_ROWS ? workers.score(features, rows, columns) : session.run(features.subarray(0, rows * columns), rows);
      return track(underWay, scores);
    },
    close: () => (closing ??= closeAll(session, workers, underWay)),
  };
}

function track<T>(underWay: Set<Promise<T>>, work: Promise<T>): Promise<T> {
  underWay.add(work);
  const forget = () => void underWay.delete(work);
  work.then(forget, forget);
  return work;
}

async function closeAll(session: OnnxSession, workers: WorkerScorer | undefined, underWay: ReadonlySet<Promise<unknown>>): Promise<void> {
  await Promise.allSettled(underWay);
  await workers?.close();
  await session.release();
}

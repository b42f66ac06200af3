import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { ScoreTask } from './score.worker';

/**
 * The built worker. This file ends up in <build>/chunks, <build>/apps or <build>/tools, with the worker in <build>/workers;
 * run from sources (tests) it is looked for in the last whole build. Undefined where there is none.
 */
export function findWorkerFile(from = import.meta.url, name: 'score' | 'train-redemption' = 'score'): string | undefined {
  const places = [`../workers/${name}.js`, `../../../../dist/services/workers/${name}.js`];
  return places.map((place) => fileURLToPath(new URL(place, from))).find((file) => existsSync(file));
}

/** Fewer rows than these a worker are not worth the message to a further one. */
const MINIMUM_ROWS = 256;

export interface WorkerScorer {
  score(features: Float32Array, rows: number, columns: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface WorkerScorerOptions {
  readonly model: Uint8Array;
  readonly threads: number;
  readonly workerFile: string;
}

/** Each worker is a pool of its own, because one pool cannot say to every worker: release your session. */
interface Lane {
  readonly pool: Piscina;
  /** Batches sent and not yet answered. */
  underWay: number;
}

export async function openWorkerScorer({ model, threads, workerFile }: WorkerScorerOptions): Promise<WorkerScorer> {
  const lanes = Array.from({ length: threads }, (): Lane => ({ pool: openPool(workerFile, model), underWay: 0 }));
  const onAll = async (task: ScoreTask) => void (await Promise.all(lanes.map(({ pool }) => pool.run(task))));
  const destroy = async () => void (await Promise.all(lanes.map(({ pool }) => pool.destroy())));
  try {
    await onAll('open');
  } catch (error) {
    await destroy();
    throw error;
  }
  return {
    score: (features, rows, columns) => scoreInParts(lanes, { features, rows, columns }),
    close: async () => {
      // Stands behind the batches in each worker's queue, so these still end well.
      await onAll('release');
      await destroy();
    },
  };
}

function openPool(filename: string, model: Uint8Array): Piscina {
  return new Piscina({ filename, minThreads: 1, maxThreads: 1, workerData: { model } });
}

interface Batch {
  readonly features: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

async function scoreInParts(lanes: readonly Lane[], { features, rows, columns }: Batch): Promise<Float32Array> {
  const parts = Math.min(lanes.length, Math.max(1, Math.floor(rows / MINIMUM_ROWS)));
  const size = Math.ceil(rows / parts);
  const scores = new Float32Array(rows);
  const runs = leastBusy(lanes, parts).map(async (lane, part) => {
    const from = part * size;
    const to = Math.min(rows, from + size);
    scores.set(await runOn(lane, features.slice(from * columns, to * columns), to - from), from);
  });
  await Promise.all(runs);
  return scores;
}

function leastBusy(lanes: readonly Lane[], count: number): Lane[] {
  return [...lanes].sort((a, b) => a.underWay - b.underWay).slice(0, count);
}

/** The copy is moved, not copied again, and the caller may use its own array at once. */
async function runOn(lane: Lane, features: Float32Array<ArrayBuffer>, rows: number): Promise<Float32Array> {
  const task: ScoreTask = { features, rows };
  lane.underWay += 1;
  try {
    const scores: unknown = await lane.pool.run(task, { transferList: [features.buffer] });
    if (scores instanceof Float32Array) return scores;
    throw new TypeError('a worker answered without scores');
  } finally {
    lane.underWay -= 1;
  }
}

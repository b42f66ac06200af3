import type { Examples } from '@sp/learning';
import { readFile, writeFile } from 'node:fs/promises';

/** What the training child is told, as JSON; the rows stand beside it as raw little-endian Float32. */
export interface TrainingOrder {
  readonly name: string;
  readonly featureNames: readonly string[];
  readonly seed: number;
  readonly trainedAt: string;
  readonly note: string;
  readonly modelsFolder: string;
  /** As in the card. 'train-part' keeps the later rows unseen, so that they can judge the model against another one. */
  readonly fitOn?: 'train-part' | 'all-rows';
  readonly rows: number;
  readonly featuresFile: string;
  readonly labels: readonly number[];
  readonly timesMs: readonly number[];
}

export async function writeOrder(file: string, order: Omit<TrainingOrder, 'rows' | 'featuresFile' | 'labels' | 'timesMs'>, examples: Examples): Promise<void> {
  const featuresFile = `${file}.f32`;
  await writeFile(featuresFile, new Uint8Array(examples.features.buffer, examples.features.byteOffset, examples.features.byteLength));
  await writeFile(file, JSON.stringify({ ...order, featuresFile, rows: examples.rows, labels: [...examples.labels], timesMs: [...examples.timesMs] } satisfies TrainingOrder));
}

export async function readExamples(order: TrainingOrder): Promise<Examples> {
  const bytes = await readFile(order.featuresFile);
  const features = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { features, rows: order.rows, columns: order.featureNames.length, labels: Float32Array.from(order.labels), timesMs: Float64Array.from(order.timesMs) };
}

import type { Booster, Trainer, TrainingParams } from '../trainer';
import { applyCleaning, cleanedNames, learnCleaning, type CleaningOptions, type CleaningRecord } from './cleaning';
import { fitLogistic, predictLinear, type LinearModel } from './logistic-regression';
import type { Table } from './table';

/** One way to learn: a kind of model with its settings. */
export type PipelineCandidate =
  | { readonly kind: 'logistic-regression'; readonly ridge: number }
  | { readonly kind: 'boosted-trees' | 'random-forest'; readonly params: TrainingParams; readonly rounds: number };

export type CandidateKind = PipelineCandidate['kind'];

/** A model with the cleaning that its rows need; whoever gets one must free it. */
export interface FittedModel {
  readonly candidate: PipelineCandidate;
  readonly cleaning: CleaningRecord;
  readonly form: LinearModel | Booster;
  predict(table: Table): Float32Array;
  free(): void;
}

export interface Fitting {
  readonly trainer: Trainer;
  readonly table: Table;
  readonly labels: Float32Array;
  readonly seed: number;
  readonly cleaning?: CleaningOptions;
}

const COMMON: TrainingParams = { min_child_weight: 5, subsample: 0.8, colsample_bytree: 0.8, lambda: 1 };
/** A forest is one round of many trees: each sees other rows and columns, and their mean is taken. */
const FOREST: TrainingParams = { eta: 1, subsample: 0.63, colsample_bynode: 0.3, min_child_weight: 3, lambda: 0.1, num_parallel_tree: 150 };

/** Linear and non-linear, from stiff to supple. Finer grids choose noise on some thousands of positives. */
export const PIPELINE_CANDIDATES: readonly PipelineCandidate[] = [
  ...[1, 30, 300].map((ridge) => ({ kind: 'logistic-regression', ridge }) as const),
  ...[[2, 0.1, 100], [3, 0.1, 100], [3, 0.05, 200], [5, 0.1, 60], [5, 0.05, 150]].map(([depth = 3, eta = 0.1, rounds = 100]) => ({ kind: 'boosted-trees', params: { ...COMMON, max_depth: depth, eta }, rounds }) as const),
  ...[6, 10].map((depth) => ({ kind: 'random-forest', params: { ...FOREST, max_depth: depth }, rounds: 1 }) as const),
];

export function nameOf(candidate: PipelineCandidate): string {
  if (candidate.kind === 'logistic-regression') return `logistic regression, ridge ${candidate.ridge}`;
  const { max_depth: depth, eta, num_parallel_tree: trees } = candidate.params;
  return candidate.kind === 'random-forest' ? `random forest, ${trees} trees of depth ${depth}` : `boosted trees, ${candidate.rounds} of depth ${depth}, rate ${eta}`;
}

/** Learns cleaning and model on these rows and no others. */
export function fitCandidate(candidate: PipelineCandidate, { trainer, table, labels, seed, cleaning: options }: Fitting): FittedModel {
  const cleaning = learnCleaning(table, options);
  const columns = cleanedNames(cleaning).length;
  if (candidate.kind === 'logistic-regression') {
    const model = fitLogistic({ features: applyCleaning(cleaning, table, 'scaled'), rows: table.rows, columns, labels, ridge: candidate.ridge });
    return { candidate, cleaning, form: model, predict: (later) => predictLinear(model, applyCleaning(cleaning, later, 'scaled'), later.rows), free: () => undefined };
  }
  const { params, rounds } = candidate;
  const booster = trainer.train({ features: applyCleaning(cleaning, table, 'plain'), rows: table.rows, columns, labels, params, rounds, seed });
  return { candidate, cleaning, form: booster, predict: (later) => booster.predict(applyCleaning(cleaning, later, 'plain'), later.rows), free: () => booster.free() };
}

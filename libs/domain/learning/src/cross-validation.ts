import type { Examples } from './examples';
import { takeRows } from './examples';
import { logLoss } from './probability-metrics';
import { assignStratifiedFolds, rowsOfFold } from './stratified-folds';
import type { Trainer, TrainingParams } from './trainer';

/** One point of the grid. */
export interface Candidate {
  readonly params: TrainingParams;
  readonly rounds: number;
}

export interface CrossValidation {
  readonly trainer: Trainer;
  readonly rows: Examples;
  readonly candidates: readonly Candidate[];
  readonly folds: number;
  readonly seed: number;
}

export interface ChosenCandidate extends Candidate {
  /** Prediction for each row by the model that did not see it. */
  readonly probabilities: Float32Array;
}

/** The candidate with the least log loss over all out-of-fold predictions; every candidate sees the same folds. */
export function crossValidate({ trainer, rows, candidates, folds, seed }: CrossValidation): ChosenCandidate {
  const assigned = assignStratifiedFolds(rows.labels, folds, seed);
  let best: { loss: number; chosen: ChosenCandidate } | undefined;
  for (const { params, rounds } of candidates) {
    const probabilities = new Float32Array(rows.rows);
    for (let fold = 0; fold < folds; fold += 1) {
      predictFold({ trainer, rows, params, rounds, seed }, rowsOfFold(assigned, fold), probabilities);
    }
    const loss = logLoss(rows.labels, probabilities);
    if (!best || loss < best.loss) best = { loss, chosen: { params, rounds, probabilities } };
  }
  if (!best) throw new RangeError('there is no candidate to choose from');
  return best.chosen;
}

/** At most `maximumRows` rows with the classes' shares kept; the same rows for the same seed. */
export function thinForTuning(rows: Examples, maximumRows: number, seed: number): Examples {
  const parts = Math.ceil(rows.rows / maximumRows);
  if (parts <= 1) return rows;
  return takeRows(rows, rowsOfFold(assignStratifiedFolds(rows.labels, parts, seed), 0).inside);
}

interface FoldFit extends Candidate {
  readonly trainer: Trainer;
  readonly rows: Examples;
  readonly seed: number;
}

function predictFold({ trainer, rows, params, rounds, seed }: FoldFit, fold: ReturnType<typeof rowsOfFold>, into: Float32Array): void {
  const learn = takeRows(rows, fold.outside);
  const held = takeRows(rows, fold.inside);
  const booster = trainer.train({ features: learn.features, rows: learn.rows, columns: learn.columns, labels: learn.labels, params, rounds, seed });
  try {
    const predicted = booster.predict(held.features, held.rows);
    fold.inside.forEach((row, place) => (into[row] = predicted[place] ?? NaN));
  } finally {
    booster.free();
  }
}

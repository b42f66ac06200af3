import { takeValues } from '../examples';
import { rocAuc } from '../probability-metrics';
import { assignStratifiedFolds, rowsOfFold } from '../stratified-folds';
import { fitCandidate, type Fitting, type PipelineCandidate } from './candidates';
import { takeTableRows } from './table';

export interface Comparison extends Fitting {
  readonly candidates: readonly PipelineCandidate[];
  readonly folds: number;
  /** The last rung compares on no more rows than these, drawn evenly from both classes. */
  readonly maximumRows: number;
  /** False when the time given for the search is over: the present rung is the last. */
  readonly isTimeLeft: () => boolean;
}

/** A candidate's figures at the last rung that it reached. */
export interface Trial {
  readonly candidate: PipelineCandidate;
  readonly rows: number;
  readonly foldAucs: readonly number[];
  readonly meanAuc: number;
  readonly rung: number;
}

export interface ComparisonOutcome {
  /** Best first: those of later rungs before those of earlier ones. */
  readonly trials: readonly Trial[];
  readonly rows: Uint32Array;
  /** The best candidate's prediction for each of `rows` by the model that did not see it. */
  readonly probabilities: Float32Array;
}

/** Each rung keeps a third of the candidates, on three times the rows (Jamieson and Talwalkar 2016). */
const HALVING = 3;

/**
 * Successive halving by ROC AUC in stratified k-fold cross-validation. All candidates of a rung see the same folds, the cleaning is
 * learned inside each fold, and the best of each kind reaches the last rung, so that linear and non-linear are compared on most rows.
 */
export function compareCandidates(comparison: Comparison): ComparisonOutcome {
  const { candidates, labels, seed, maximumRows, isTimeLeft } = comparison;
  const rungs = candidates.length > HALVING ? [HALVING * HALVING, HALVING, 1] : [1];
  const done: Trial[] = [];
  let open = candidates;
  let best: ComparisonOutcome | undefined;
  for (const [rung, divisor] of rungs.entries()) {
    const rows = drawRows(labels, Math.min(labels.length, maximumRows) / divisor, seed);
    const tried = open.map((candidate) => crossValidateCandidate(comparison, candidate, rows, rung)).sort((a, b) => b.trial.meanAuc - a.trial.meanAuc);
    const [first] = tried;
    if (!first) throw new RangeError('there is no candidate to choose from');
    const going = goOn(tried.map(({ trial }) => trial));
    best = { trials: [], rows, probabilities: first.probabilities };
    const isLast = rung === rungs.length - 1 || !isTimeLeft();
    done.unshift(...tried.map(({ trial }) => trial).filter((trial) => isLast || !going.includes(trial)));
    if (isLast) break;
    open = going.map(({ candidate }) => candidate);
  }
  return { ...best!, trials: done };
}

function goOn(trials: readonly Trial[]): Trial[] {
  const best = trials.slice(0, Math.ceil(trials.length / HALVING));
  const kinds = new Set(trials.map(({ candidate }) => candidate.kind));
  const ofKinds = [...kinds].map((kind) => trials.find(({ candidate }) => candidate.kind === kind)!);
  return [...new Set([...best, ...ofKinds])];
}

/** About so many rows with the classes' shares kept, in order; the same ones for the same seed. */
function drawRows(labels: Float32Array, wanted: number, seed: number): Uint32Array {
  const parts = Math.max(1, Math.round(labels.length / wanted));
  return parts === 1 ? Uint32Array.from(labels.keys()) : rowsOfFold(assignStratifiedFolds(labels, parts, seed), 0).inside;
}

function crossValidateCandidate({ table, labels: all, folds, seed, ...fitting }: Comparison, candidate: PipelineCandidate, rows: Uint32Array, rung: number) {
  const labels = takeValues(all, rows);
  const assigned = assignStratifiedFolds(labels, folds, seed);
  const probabilities = new Float32Array(rows.length);
  const foldAucs = Array.from({ length: folds }, (_, fold) => {
    const { inside, outside } = rowsOfFold(assigned, fold);
    const model = fitCandidate(candidate, { ...fitting, seed, table: takeTableRows(table, takeValues(rows, outside)), labels: takeValues(labels, outside) });
    const predicted = model.predict(takeTableRows(table, takeValues(rows, inside)));
    model.free();
    inside.forEach((row, place) => (probabilities[row] = predicted[place] ?? NaN));
    return rocAuc(takeValues(labels, inside), predicted) ?? 0.5;
  });
  const meanAuc = foldAucs.reduce((sum, auc) => sum + auc, 0) / folds;
  return { trial: { candidate, rows: rows.length, foldAucs, meanAuc, rung }, probabilities };
}

import type { Candidate } from './cross-validation';
import { crossValidate, thinForTuning } from './cross-validation';
import type { Examples } from './examples';
import { checkExamples, countPositives, takeRows } from './examples';
import type { TrainingCard } from './model-card';
import { measure } from './model-metrics';
import type { TimeSplit } from './split-by-time';
import { splitByTime } from './split-by-time';
import { bestThreshold, DEFAULT_BETA } from './threshold-metrics';
import type { Booster, Trainer, TrainingParams } from './trainer';

/** Small on purpose: on a few thousand redemptions a finer grid chooses noise. Depth, rate and rounds matter, the rest is customary. */
export const REDEMPTION_CANDIDATES: readonly Candidate[] = [
  { params: { max_depth: 3, eta: 0.1 }, rounds: 100 },
  { params: { max_depth: 3, eta: 0.05 }, rounds: 200 },
  { params: { max_depth: 5, eta: 0.1 }, rounds: 80 },
  { params: { max_depth: 5, eta: 0.05 }, rounds: 200 },
];

const COMMON_PARAMS: TrainingParams = { min_child_weight: 5, subsample: 0.8, colsample_bytree: 0.8, lambda: 1 };

export interface RedemptionTraining {
  readonly trainer: Trainer;
  readonly rows: Examples;
  readonly featureNames: readonly string[];
  readonly seed: number;
  /** Facts for the card that a pure function cannot know. */
  readonly about: { readonly name: string; readonly trainedAt: string; readonly dataHash: string; readonly note: string };
  readonly testShare?: number;
  readonly folds?: number;
  readonly beta?: number;
  readonly candidates?: readonly Candidate[];
  /** Cross-validation looks at no more rows than these, drawn evenly from both classes. */
  readonly maximumTuningRows?: number;
  /** 'all-rows' (default): after it was judged, the model is grown anew with the latest rows too, which drift makes the most valuable ones. */
  readonly fitOn?: TrainingCard['fittedOn'];
}

export type RedemptionOutcome =
  | { readonly outcome: 'trained'; readonly booster: Booster; readonly card: TrainingCard }
  | { readonly outcome: 'too-few-examples'; readonly reason: string };

/**
 * P(redemption): candidates are compared by cross-validated log loss on the older rows, the best is judged on the later
 * ones, which neither chose it nor its threshold, and then fitted for use. The caller frees the booster.
 */
export function trainRedemption(training: RedemptionTraining): RedemptionOutcome {
  const { rows, featureNames, testShare = 0.25, folds = 5 } = training;
  checkExamples(rows, featureNames);
  const split = splitByTime(rows, testShare);
  const older = takeRows(rows, split.train);
  const reason = whyTooFew(older, folds);
  if (reason) return { outcome: 'too-few-examples', reason };
  return fitAndJudge(training, { split, older, folds });
}

function whyTooFew(older: Examples, folds: number): string | null {
  const positives = countPositives(older.labels);
  const negatives = older.rows - positives;
  if (Math.min(positives, negatives) >= folds) return null;
  return `the older part has ${positives} positive and ${negatives} negative rows; ${folds} folds need ${folds} of each`;
}

interface Prepared {
  readonly split: TimeSplit;
  readonly older: Examples;
  readonly folds: number;
}

function fitAndJudge(training: RedemptionTraining, { split, older, folds }: Prepared): RedemptionOutcome {
  const { trainer, rows, seed, beta = DEFAULT_BETA, fitOn = 'all-rows' } = training;
  const tuning = thinForTuning(older, training.maximumTuningRows ?? 50_000, seed);
  const candidates = (training.candidates ?? REDEMPTION_CANDIDATES).map(({ params, rounds }) => ({ params: { ...COMMON_PARAMS, ...params }, rounds }));
  const chosen = crossValidate({ trainer, rows: tuning, candidates, folds, seed });
  const { threshold } = bestThreshold(tuning.labels, chosen.probabilities, beta);
  const crossValidation = measure(tuning.labels, chosen.probabilities, { threshold, beta });
  const judged = fit(trainer, older, chosen, seed);
  const later = takeRows(rows, split.test);
  const test = measure(later.labels, judged.predict(later.features, later.rows), { threshold, beta });
  const booster = fitOn === 'train-part' ? judged : refit(judged, () => fit(trainer, rows, chosen, seed));
  const card = describeTraining(training, { params: chosen.params, rounds: booster.rounds, threshold, testFromMs: split.testFromMs, fittedOn: fitOn, metrics: { crossValidation, test } });
  return { outcome: 'trained', booster, card };
}

function fit(trainer: Trainer, rows: Examples, { params, rounds }: Candidate, seed: number): Booster {
  return trainer.train({ features: rows.features, rows: rows.rows, columns: rows.columns, labels: rows.labels, params, rounds, seed });
}

function refit(judged: Booster, again: () => Booster): Booster {
  judged.free();
  return again();
}

type Learned = Pick<TrainingCard, 'params' | 'rounds' | 'threshold' | 'testFromMs' | 'fittedOn' | 'metrics'>;

function describeTraining({ about, rows, featureNames, seed, trainer }: RedemptionTraining, learned: Learned): TrainingCard {
  return {
    ...about,
    dataRange: rangeOf(rows.timesMs),
    featureNames,
    rows: rows.rows,
    positives: countPositives(rows.labels),
    libraryVersion: trainer.libraryVersion,
    seed,
    ...learned,
  };
}

function rangeOf(timesMs: Float64Array): TrainingCard['dataRange'] {
  let fromMs = Infinity;
  let toMs = -Infinity;
  for (const time of timesMs) {
    fromMs = Math.min(fromMs, time);
    toMs = Math.max(toMs, time);
  }
  return { fromMs, toMs };
}

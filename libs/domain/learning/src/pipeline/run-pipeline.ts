import { countPositives, takeValues } from '../examples';
import { measure, type ModelMetrics } from '../model-metrics';
import { rocAuc } from '../probability-metrics';
import { splitByTime } from '../split-by-time';
import { bestThreshold, DEFAULT_BETA } from '../threshold-metrics';
import type { Trainer } from '../trainer';
import { applyCalibration, learnCalibration, type Calibration } from './calibrate';
import { fitCandidate, nameOf, PIPELINE_CANDIDATES, type FittedModel, type PipelineCandidate } from './candidates';
import type { CleaningOptions, CleaningRecord } from './cleaning';
import { compareCandidates, type ComparisonOutcome } from './compare-candidates';
import { curvesOf, type Curves } from './curves';
import { permutationImportance, type Importance } from './permutation-importance';
import { takeTableRows, type Table } from './table';
import { judgeOverfitting, type Overfitting } from './verdict';

export interface PipelineInput {
  readonly trainer: Trainer;
  readonly table: Table;
  /** 0 or 1. */
  readonly labels: Float32Array;
  /** Of each row; any scale that keeps the order. */
  readonly timesMs: Float64Array;
  readonly seed: number;
  readonly testShare?: number;
  readonly folds?: number;
  readonly beta?: number;
  readonly candidates?: readonly PipelineCandidate[];
  readonly cleaning?: CleaningOptions;
  /** The search looks at no more rows than these. */
  readonly maximumTuningRows?: number;
  /** The time budget of the search, by the caller's clock; unlimited by default. */
  readonly isTimeLeft?: () => boolean;
}

/** What was tried, what was chosen and why, and how good it is: plain data, for a page and a file. */
export interface PipelineReport {
  readonly rows: number;
  readonly positives: number;
  readonly testFromMs: number;
  readonly trials: readonly { readonly name: string; readonly kind: string; readonly rows: number; readonly meanAuc: number; readonly deviation: number; readonly rung: number }[];
  readonly chosen: string;
  readonly why: string;
  readonly cleaning: CleaningRecord;
  readonly threshold: number;
  readonly calibrationLine: Calibration;
  readonly crossValidation: ModelMetrics;
  readonly test: ModelMetrics;
  readonly curves: Curves;
  readonly importances: readonly Importance[];
  readonly overfitting: Overfitting;
}

/** `tried` stands in the order of merit. */
export type PipelineOutcome =
  | { readonly outcome: 'trained'; readonly model: FittedModel; readonly candidate: PipelineCandidate; readonly tried: readonly PipelineCandidate[]; readonly report: PipelineReport }
  | { readonly outcome: 'too-few-examples'; readonly reason: string };

const DEFAULT_TUNING_ROWS = 50_000;

/**
 * The process of CRISP-DM from cleaning to evaluation: candidates are compared on the older rows, the best is judged on the later
 * ones, which chose neither it nor its threshold nor its calibration. The model knows the older rows only; the caller frees it.
 */
export function runPipeline(input: PipelineInput): PipelineOutcome {
  const { trainer, table, labels, seed, timesMs, testShare = 0.25, folds = 5, beta = DEFAULT_BETA, candidates = PIPELINE_CANDIDATES } = input;
  const split = splitByTime({ timesMs }, testShare);
  const older = { trainer, seed, table: takeTableRows(table, split.train), labels: takeValues(labels, split.train), ...(input.cleaning && { cleaning: input.cleaning }) };
  const reason = whyTooFew(older.labels, folds);
  if (reason) return { outcome: 'too-few-examples', reason };
  const compared = compareCandidates({ ...older, candidates, folds, maximumRows: input.maximumTuningRows ?? DEFAULT_TUNING_ROWS, isTimeLeft: input.isTimeLeft ?? (() => true) });
  const { candidate } = compared.trials[0]!;
  const tuning = takeValues(older.labels, compared.rows);
  const calibrationLine = learnCalibration(tuning, compared.probabilities);
  const outOfFold = applyCalibration(calibrationLine, compared.probabilities);
  const { threshold } = bestThreshold(tuning, outOfFold, beta);
  const model = fitCandidate(candidate, older);
  const later = { table: takeTableRows(table, split.test), labels: takeValues(labels, split.test) };
  const predicted = applyCalibration(calibrationLine, model.predict(later.table));
  const crossValidation = measure(tuning, outOfFold, { threshold, beta });
  const test = measure(later.labels, predicted, { threshold, beta });
  const report: PipelineReport = {
    rows: table.rows, positives: countPositives(labels), testFromMs: split.testFromMs, ...explain(compared), cleaning: model.cleaning, threshold, calibrationLine, crossValidation, test,
    curves: curvesOf(later.labels, predicted),
    importances: permutationImportance(model, later.table, later.labels, seed),
    overfitting: judgeOverfitting({ trainAuc: rocAuc(older.labels, model.predict(older.table)) ?? 0.5, crossValidationAuc: crossValidation.rocAuc ?? 0.5, testAuc: test.rocAuc, testPositives: test.positives, testRows: test.rows }),
  };
  return { outcome: 'trained', model, candidate, tried: compared.trials.map((trial) => trial.candidate), report };
}

function whyTooFew(labels: Float32Array, folds: number): string | null {
  const positives = countPositives(labels);
  const negatives = labels.length - positives;
  if (Math.min(positives, negatives) >= folds) return null;
  return `the older part has ${positives} positive and ${negatives} negative rows; ${folds} folds need ${folds} of each`;
}

function explain({ trials }: ComparisonOutcome): Pick<PipelineReport, 'trials' | 'chosen' | 'why'> {
  const told = trials.map(({ candidate, rows, meanAuc, foldAucs, rung }) => ({ name: nameOf(candidate), kind: candidate.kind, rows, meanAuc, deviation: deviationOf(foldAucs), rung }));
  const [best] = told;
  const others = told.filter(({ kind, rung }) => kind !== best?.kind && rung === best?.rung).filter(({ kind }, place, all) => all.findIndex((other) => other.kind === kind) === place);
  const beside = others.map(({ name, meanAuc }) => `${name} ${meanAuc.toFixed(4)}`).join(', ');
  return { trials: told, chosen: best?.name ?? '', why: `the highest ROC AUC, ${best?.meanAuc.toFixed(4)} (deviation ${best?.deviation.toFixed(4)} over the folds), of ${told.length} candidates on ${best?.rows} rows${beside ? `; the best of the other kinds: ${beside}` : ''}` };
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}

import { aucStandardError, bestThreshold, DEFAULT_BETA, fitCandidate, measure, nameOf, rocAuc, runPipeline, takeTableRows, takeValues, type Column, type PipelineCandidate, type Table, type Trainer } from '@sp/learning';
import type { Case, CaseInput, Finding } from './case';
import { csvRows, hasColumns, type PublicFile } from './public-files';

const categories = ['job', 'marital', 'education', 'default', 'housing', 'loan', 'contact', 'month', 'day_of_week', 'poutcome'];
/** `duration` is known after the call only, and tells its end: it is left out. */
const numbers = ['age', 'campaign', 'pdays', 'previous', 'emp.var.rate', 'cons.price.idx', 'cons.conf.idx', 'euribor3m', 'nr.employed'];
/** How the set writes "never called before". */
const neverCalled = '999';

const firstShare = 0.7;
const window = 20_000;
/** A model is grown anew after the first whole day with so many new answers. */
const retrainAfterRows = 250;
const searchSeconds = 120;
const seed = 7;

interface Calls {
  readonly table: Table;
  readonly labels: Float32Array;
  /** Number of the day, counted where month or weekday change. */
  readonly days: Int32Array;
}

/**
 * A bank's calls in order of date (Moro, Cortez, Rita 2014). The pipeline chooses and judges a model by time; then the same
 * candidate is used in two ways on the later part: trained once, and retrained on a rolling window with what the days before answered.
 */
export const bankMarketing: Case = { name: 'bank-marketing', evaluate };

function evaluate({ files, history, trainer, say }: CaseInput): readonly Finding[] | undefined {
  const [own, earlier] = [files, history].map((all) => all.filter((file) => hasColumns(file, 'emp.var.rate', 'euribor3m', 'y')));
  if (!own?.length) return undefined;
  if (!trainer) return [];
  const early = (earlier ?? []).flatMap(rowsOf);
  const rows = [...early, ...own.flatMap(rowsOf)];
  const testFrom = early.length > 0 ? early.length : Math.round(firstShare * rows.length);
  return judge(callsOf(rows), testFrom, trainer, say);
}

function rowsOf(file: PublicFile): Record<string, string>[] {
  return csvRows(file);
}

export function callsOf(rows: readonly Record<string, string>[]): Calls {
  const columns: Column[] = [
    ...numbers.map((name): Column => ({ kind: 'number', name, values: Float64Array.from(rows, (row) => (name === 'pdays' && row[name] === neverCalled ? NaN : Number(row[name]))) })),
    ...categories.map((name): Column => ({ kind: 'category', name, values: rows.map((row) => row[name] ?? '') })),
  ];
  const days = new Int32Array(rows.length);
  for (let row = 1; row < rows.length; row += 1) days[row] = (days[row - 1] ?? 0) + Number(dayOf(rows[row]) !== dayOf(rows[row - 1]));
  return { table: { rows: rows.length, columns }, labels: Float32Array.from(rows, ({ y }) => Number(y === 'yes')), days };
}

function dayOf(row: Record<string, string> | undefined): string {
  return `${row?.['month']} ${row?.['day_of_week']}`;
}

function judge(calls: Calls, testFrom: number, trainer: Trainer, say: CaseInput['say']): Finding[] {
  const endsAt = Date.now() + searchSeconds * 1_000;
  const { labels } = calls;
  const places = Float64Array.from(labels.keys());
  const trained = runPipeline({ trainer, table: calls.table, labels, timesMs: places, seed, testShare: 1 - testFrom / labels.length, isTimeLeft: () => Date.now() < endsAt });
  if (trained.outcome !== 'trained') return [];
  const { report, model } = trained;
  model.free();
  say(`bank-marketing: ${report.chosen}: ${report.why}`);
  say(`bank-marketing: ${report.overfitting.text}`);
  const later = labels.subarray(testFrom);
  const rolling = rollingPredictions(calls, testFrom, trainer, trained.candidate);
  const quick = rollingQuick(calls, testFrom, trainer);
  const error = (auc: number): string => `give or take ${(1.96 * aucStandardError(auc, report.test.positives, report.test.rows - report.test.positives)).toFixed(3)}`;
  const rollingAuc = rocAuc(later, rolling) ?? NaN;
  const onceAuc = report.test.rocAuc ?? NaN;
  const note = `${report.test.rows} later calls, ${report.test.positives} yes`;
  return [
    { case: 'bank-marketing, trained once', metric: 'ROC AUC by time', ours: onceAuc, references: { 'cross-validated on earlier rows': report.crossValidation.rocAuc ?? NaN }, note: `${note}; ${report.chosen}; ${report.overfitting.verdict}; ${error(onceAuc)}` },
    {
      case: 'bank-marketing, rolling window', metric: 'ROC AUC by time', ours: rollingAuc, references: { 'trained once': onceAuc, 'quick model, every 1,000': rocAuc(later, quick) ?? NaN },
      aim: { text: 'well above the quick model', met: rollingAuc > (rocAuc(later, quick) ?? 1) + 0.03 }, note: `${nameOf(trained.candidate)}, last ${window} rows and yesterday's answers; ${error(rollingAuc)}`,
    },
    ...thresholdFindings('trained once', later, report.test.precision, report.test.recall),
    ...rollingThreshold(later, rolling),
  ];
}

function thresholdFindings(name: string, labels: Float32Array, precision: number, recall: number): Finding[] {
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const about = { case: `bank-marketing, ${name}`, note: `at the threshold of the best F-beta, beta ${DEFAULT_BETA}, chosen on earlier rows` };
  return [{ ...about, metric: 'precision', ours: precision, references: { 'everybody': share } }, { ...about, metric: 'recall', ours: recall, references: {} }];
}

/** The threshold is the best one of the thousand answers before, and moves on with the window. */
function rollingThreshold(labels: Float32Array, probabilities: Float32Array): Finding[] {
  const step = 1_000;
  let [hits, taken, positives] = [0, 0, 0];
  for (let from = step; from < labels.length; from += step) {
    const { threshold } = bestThreshold(labels.subarray(from - step, from), probabilities.subarray(from - step, from));
    const { confusion } = measure(labels.subarray(from, from + step), probabilities.subarray(from, from + step), { threshold, beta: DEFAULT_BETA });
    hits += confusion.truePositives;
    taken += confusion.truePositives + confusion.falsePositives;
    positives += confusion.truePositives + confusion.falseNegatives;
  }
  return thresholdFindings('rolling window', labels, hits / Math.max(1, taken), hits / Math.max(1, positives));
}

/** Predictions for the rows from `testFrom` on, each by a model of days before its own. */
function rollingPredictions({ table, labels, days }: Calls, testFrom: number, trainer: Trainer, candidate: PipelineCandidate): Float32Array {
  const told = { rows: table.rows, columns: [...table.columns, ...answersBefore(labels, days)] };
  const probabilities = new Float32Array(labels.length - testFrom);
  let from = testFrom;
  while (from < labels.length) {
    const to = endOfBatch(days, from);
    const known = range(Math.max(0, from - window), from);
    const model = fitCandidate(candidate, { trainer, seed, table: takeTableRows(told, known), labels: takeValues(labels, known) });
    probabilities.set(model.predict(takeTableRows(told, range(from, to))), from - testFrom);
    model.free();
    from = to;
  }
  return probabilities;
}

export function endOfBatch(days: Int32Array, from: number): number {
  let to = Math.min(days.length, from + retrainAfterRows);
  while (to < days.length && days[to] === days[to - 1]) to += 1;
  return to;
}

/** Share of yes among the last so many answers of the days before: what the weather of the campaign is. */
export function answersBefore(labels: Float32Array, days: Int32Array): Column[] {
  const sums = new Float64Array(labels.length + 1);
  labels.forEach((label, row) => (sums[row + 1] = (sums[row] ?? 0) + label));
  const starts = Int32Array.from(days);
  for (let row = 0; row < days.length; row += 1) starts[row] = row > 0 && days[row] === days[row - 1] ? (starts[row - 1] ?? 0) : row;
  return [50, 200, 1_000].map((count): Column => ({
    kind: 'number', name: `yes of the last ${count}`,
    values: Float64Array.from(starts, (start) => ((sums[start] ?? 0) - (sums[Math.max(0, start - count)] ?? 0)) / Math.max(1, Math.min(count, start))),
  }));
}

/** The reference: boosted trees of depth 3, 100 rounds, grown anew every 1,000 rows on the last 20,000. */
function rollingQuick({ table, labels }: Calls, testFrom: number, trainer: Trainer): Float32Array {
  const probabilities = new Float32Array(labels.length - testFrom);
  for (let from = testFrom; from < labels.length; from += 1_000) {
    const known = range(Math.max(0, from - window), from);
    const model = fitCandidate({ kind: 'boosted-trees', params: { max_depth: 3 }, rounds: 100 }, { trainer, seed, table: takeTableRows(table, known), labels: takeValues(labels, known) });
    probabilities.set(model.predict(takeTableRows(table, range(from, Math.min(labels.length, from + 1_000)))), from - testFrom);
    model.free();
  }
  return probabilities;
}

export function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, place) => from + place);
}

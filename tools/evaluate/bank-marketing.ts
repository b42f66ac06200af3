import { aucStandardError, bestThreshold, DEFAULT_BETA, fitCandidate, logLoss, measure, rocAuc, runPipeline, takeTableRows, takeValues, type Column, type PipelineCandidate, type Table, type Trainer } from '@sp/learning';
import type { Case, CaseInput, Finding } from './case';
import { csvRows, hasColumns, type PublicFile } from './public-files';

const categories = ['job', 'marital', 'education', 'default', 'housing', 'loan', 'contact', 'month', 'day_of_week', 'poutcome'];
/** `duration` is known after the call only, and tells its end: it is left out. */
const numbers = ['age', 'campaign', 'pdays', 'previous', 'emp.var.rate', 'cons.price.idx', 'cons.conf.idx', 'euribor3m', 'nr.employed'];
/** How the set writes "never called before". */
const neverCalled = '999';

const firstShare = 0.7;
const window = 20_000;
/** So many of the latest answers say which of the rolling models to trust. */
const trustRows = 1_000;
/** How fast trust moves: a model with a log loss larger by 1 over those rows counts 1 / e^0.1 as much. */
const trustRate = 0.1;
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
 * A bank's calls in order of date (Moro, Cortez, Rita 2014). The pipeline chooses and judges a model by time, trained once;
 * beside it models that are retrained on rolling windows with what the days before answered.
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

function callsOf(rows: readonly Record<string, string>[]): Calls {
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
  const rolling = rollingPredictions(calls, testFrom, trainer);
  const quick = rollingQuick(calls, testFrom, trainer);
  const error = (auc: number): string => `give or take ${(1.96 * aucStandardError(auc, report.test.positives, report.test.rows - report.test.positives)).toFixed(3)}`;
  const rollingAuc = rocAuc(later, rolling) ?? NaN;
  const onceAuc = report.test.rocAuc ?? NaN;
  const note = `${report.test.rows} later calls, ${report.test.positives} yes`;
  return [
    { case: 'bank-marketing, trained once', metric: 'ROC AUC by time', ours: onceAuc, references: { 'cross-validated on earlier rows': report.crossValidation.rocAuc ?? NaN }, note: `${note}; ${report.chosen}; ${report.overfitting.verdict}; ${error(onceAuc)}` },
    {
      case: 'bank-marketing, rolling window', metric: 'ROC AUC by time', ours: rollingAuc, references: { 'trained once': onceAuc, 'quick model, every 1,000': rocAuc(later, quick) ?? NaN },
      aim: { text: 'above the quick model', met: rollingAuc > (rocAuc(later, quick) ?? 1) }, note: `${experts.length} memories of 2,000 to ${window} rows, trusted by their latest answers; ${error(rollingAuc)}`,
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

/** Long memory for what lasts, short memory for what has just changed; the economy's figures lead a long memory astray. */
const economy = /rate|price|conf|euribor|employed/;
const experts: readonly { readonly candidate: PipelineCandidate; readonly rows: number; readonly takes: (name: string) => boolean }[] = [
  { candidate: boosted(3), rows: window, takes: (name) => !name.startsWith('yes') },
  { candidate: boosted(2), rows: window, takes: () => true },
  { candidate: { kind: 'logistic-regression', ridge: 30 }, rows: window, takes: (name) => !economy.test(name) },
  { candidate: { kind: 'logistic-regression', ridge: 30 }, rows: 6_000, takes: () => true },
  { candidate: boosted(2), rows: 2_000, takes: () => true },
  { candidate: boosted(2), rows: 6_000, takes: () => true },
];

function boosted(depth: number): PipelineCandidate {
  return { kind: 'boosted-trees', params: { max_depth: depth, eta: 0.1, min_child_weight: 5, subsample: 0.8, colsample_bytree: 0.8, lambda: 1 }, rounds: 100 };
}

/**
 * Predictions for the rows from `testFrom` on, by models of days before their own. Several memories are kept, and each is trusted by
 * how well it foretold the latest answers (exponential weights, Cesa-Bianchi and Lugosi 2006): nobody knows beforehand how fast the world drifts.
 */
function rollingPredictions({ table, labels, days }: Calls, testFrom: number, trainer: Trainer): Float32Array {
  const columns = [...table.columns, ...answersBefore(labels, days)];
  const opinions = experts.map(({ takes }) => ({ table: { rows: table.rows, columns: columns.filter(({ name }) => takes(name)) }, said: new Float32Array(labels.length - testFrom) }));
  const probabilities = new Float32Array(labels.length - testFrom);
  let from = testFrom;
  while (from < labels.length) {
    const to = endOfBatch(days, from);
    for (const [place, { candidate, rows }] of experts.entries()) {
      const { table: own, said } = opinions[place]!;
      const known = range(Math.max(0, from - rows), from);
      const model = fitCandidate(candidate, { trainer, seed, table: takeTableRows(own, known), labels: takeValues(labels, known) });
      said.set(model.predict(takeTableRows(own, range(from, to))), from - testFrom);
      model.free();
    }
    for (let day = from; day < to; day = nextDay(days, day)) {
      const trusted = trustOf(opinions.map(({ said }) => said), labels.subarray(testFrom), day - testFrom);
      for (let row = day - testFrom; row < Math.min(to, nextDay(days, day)) - testFrom; row += 1) probabilities[row] = probabilityOf(opinions.reduce((sum, { said }, place) => sum + (trusted[place] ?? 0) * logOdds(said[row] ?? NaN), 0));
    }
    from = to;
  }
  return probabilities;
}

function trustOf(opinions: readonly Float32Array[], labels: Float32Array, known: number): number[] {
  const from = Math.max(0, known - trustRows);
  const losses = opinions.map((said) => (known === from ? 0 : (known - from) * logLoss(labels.subarray(from, known), said.subarray(from, known))));
  const least = Math.min(...losses);
  const weights = losses.map((loss) => Math.exp(-trustRate * (loss - least)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function logOdds(probability: number): number {
  const kept = Math.min(0.9999, Math.max(0.0001, probability));
  return Math.log(kept / (1 - kept));
}

function probabilityOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

function nextDay(days: Int32Array, row: number): number {
  let next = row + 1;
  while (next < days.length && days[next] === days[row]) next += 1;
  return next;
}

function endOfBatch(days: Int32Array, from: number): number {
  let to = Math.min(days.length, from + retrainAfterRows);
  while (to < days.length && days[to] === days[to - 1]) to += 1;
  return to;
}

/** Share of yes among the last so many answers of the days before: what the weather of the campaign is. */
function answersBefore(labels: Float32Array, days: Int32Array): Column[] {
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

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, place) => from + place);
}

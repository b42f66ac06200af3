import type { CategoryColumn, Column, NumberColumn, Table } from './table';

/** What was learned of a number column on the training part. */
export interface CleanNumber {
  readonly kind: 'number';
  readonly name: string;
  /** Stands for a missing value where the model cannot take one. */
  readonly median: number;
  /** Values outside are moved to the edge: these quantiles of the training part. */
  readonly low: number;
  readonly high: number;
  /** Of the clipped and filled values. */
  readonly mean: number;
  readonly deviation: number;
  readonly missingShare: number;
}

/** One-hot, with every value that is rare or unknown in the column "other". */
export interface CleanCategory {
  readonly kind: 'category';
  readonly name: string;
  readonly kept: readonly string[];
}

export interface DroppedColumn {
  readonly name: string;
  readonly reason: string;
}

/** Everything needed to treat later rows as the training rows were treated: plain data, stored with the model. */
export interface CleaningRecord {
  readonly rows: number;
  readonly columns: readonly (CleanNumber | CleanCategory)[];
  readonly dropped: readonly DroppedColumn[];
}

export interface CleaningOptions {
  /** A value of a category in a smaller share of the rows is "other". */
  readonly rareShare?: number;
  /** Of two columns that correlate more, the later one is dropped. */
  readonly maximumCorrelation?: number;
  /** A column with more missing is dropped. */
  readonly maximumMissingShare?: number;
  /** Share of the values at each end that count as outliers. */
  readonly outlierShare?: number;
}

const DEFAULTS: Required<CleaningOptions> = { rareShare: 0.01, maximumCorrelation: 0.98, maximumMissingShare: 0.99, outlierShare: 0.001 };
/** Correlations need no more rows than these to be told from 0.98. */
const CORRELATION_ROWS = 5_000;

/** Learns the cleaning on the training part alone. */
export function learnCleaning(table: Table, options: CleaningOptions = {}): CleaningRecord {
  const settings = { ...DEFAULTS, ...options };
  const dropped: DroppedColumn[] = [];
  const kept: { column: Column; clean: CleanNumber | CleanCategory }[] = [];
  for (const column of table.columns) {
    const clean = column.kind === 'number' ? describeNumber(column, settings) : describeCategory(column, settings);
    const reason = whyDropped(clean, settings) ?? twinOf(column, kept, settings);
    if (reason === undefined) kept.push({ column, clean });
    else dropped.push({ name: column.name, reason });
  }
  return { rows: table.rows, columns: kept.map(({ clean }) => clean), dropped };
}

/** Names of the matrix columns that `applyCleaning` gives, in order. */
export function cleanedNames({ columns }: CleaningRecord): string[] {
  return columns.flatMap((column) => (column.kind === 'number' ? [column.name] : [...column.kept, 'other'].map((value) => `${column.name}=${value}`)));
}

/**
 * The table's rows as a row-major matrix. 'scaled': outliers clipped, missing filled, mean 0 and deviation 1, for linear models.
 * 'plain': numbers as they are and missing as NaN, for trees, which neither scale nor outliers disturb.
 * Throws a RangeError where the table lacks a column.
 */
export function applyCleaning(record: CleaningRecord, table: Table, form: 'scaled' | 'plain'): Float32Array {
  const width = cleanedNames(record).length;
  const matrix = new Float32Array(table.rows * width);
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  let place = 0;
  for (const clean of record.columns) {
    const column = byName.get(clean.name);
    if (column?.kind !== clean.kind) throw new RangeError(`the rows have no ${clean.kind} column "${clean.name}"`);
    if (clean.kind === 'number') writeNumber(matrix, { width, place }, column as NumberColumn, clean, form);
    else writeCategory(matrix, { width, place }, column as CategoryColumn, clean);
    place += clean.kind === 'number' ? 1 : clean.kept.length + 1;
  }
  return matrix;
}

/** A value as linear models take it. */
export function scaledValue({ median, low, high, mean, deviation }: CleanNumber, value: number): number {
  const filled = Number.isNaN(value) ? median : Math.min(high, Math.max(low, value));
  return (filled - mean) / deviation;
}

function describeNumber({ name, values }: NumberColumn, { outlierShare }: Required<CleaningOptions>): CleanNumber {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const [median, low, high] = [0.5, outlierShare, 1 - outlierShare].map((share) => quantile(sorted, share));
  const moments = { median: median ?? 0, low: low ?? 0, high: high ?? 0, mean: 0, deviation: 1 };
  const filled = Float64Array.from(values, (value) => scaledValue({ kind: 'number', name, missingShare: 0, ...moments }, Number.isFinite(value) ? value : NaN));
  const mean = filled.reduce((sum, value) => sum + value, 0) / Math.max(1, filled.length);
  const variance = filled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, filled.length);
  return { kind: 'number', name, ...moments, mean, deviation: Math.sqrt(variance) || 1, missingShare: 1 - sorted.length / Math.max(1, values.length) };
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function describeCategory({ name, values }: CategoryColumn, { rareShare }: Required<CleaningOptions>): CleanCategory {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const common = [...counts].filter(([, count]) => count >= rareShare * values.length).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return { kind: 'category', name, kept: common.map(([value]) => value) };
}

function whyDropped(clean: CleanNumber | CleanCategory, { maximumMissingShare }: Required<CleaningOptions>): string | undefined {
  if (clean.kind === 'category') return clean.kept.length <= 1 ? `constant: all but the rare are "${clean.kept[0] ?? ''}"` : undefined;
  if (clean.missingShare > maximumMissingShare) return `${(100 * clean.missingShare).toFixed(1)} % missing`;
  return clean.low === clean.high && clean.missingShare === 0 ? `constant: ${clean.low}` : undefined;
}

function twinOf(column: Column, kept: readonly { readonly column: Column; readonly clean: CleanNumber | CleanCategory }[], { maximumCorrelation }: Required<CleaningOptions>): string | undefined {
  if (column.kind !== 'number') return undefined;
  for (const { column: other } of kept) {
    if (other.kind !== 'number') continue;
    const found = correlation(column.values, other.values);
    if (Math.abs(found) > maximumCorrelation) return `correlates ${found.toFixed(3)} with ${other.name}`;
  }
  return undefined;
}

/** Pearson's over rows where both are known; 0 unless the same rows are missing in both, since a missing value tells something too. */
function correlation(a: NumberColumn['values'], b: NumberColumn['values']): number {
  const step = Math.max(1, Math.floor(a.length / CORRELATION_ROWS));
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < a.length; row += step) {
    const [x = NaN, y = NaN] = [a[row], b[row]];
    if (Number.isNaN(x) !== Number.isNaN(y)) return 0;
    if (Number.isNaN(x)) continue;
    n += 1;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const spread = Math.sqrt((sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n));
  return spread > 0 ? (sumAB - (sumA * sumB) / n) / spread : 0;
}

interface Place {
  readonly width: number;
  readonly place: number;
}

function writeNumber(matrix: Float32Array, { width, place }: Place, { values }: NumberColumn, clean: CleanNumber, form: 'scaled' | 'plain'): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? NaN;
    matrix[row * width + place] = form === 'plain' ? value : scaledValue(clean, value);
  }
}

function writeCategory(matrix: Float32Array, { width, place }: Place, { values }: CategoryColumn, { kept }: CleanCategory): void {
  const places = new Map(kept.map((value, at) => [value, at]));
  values.forEach((value, row) => (matrix[row * width + place + (places.get(value) ?? kept.length)] = 1));
}

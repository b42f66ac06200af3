/**
 * Labelled rows as a trainer takes them: row-major features (missing is NaN), one label and one event time a row.
 * A row holds the vector as it was known at the decision, so nothing later than `timesMs` can leak into it.
 */
export interface Examples {
  readonly features: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** 0 or 1. */
  readonly labels: Float32Array;
  readonly timesMs: Float64Array;
}

/** Copies the given rows, in the order of `indexes`. */
export function takeRows(examples: Examples, indexes: Uint32Array): Examples {
  const { columns } = examples;
  const features = new Float32Array(indexes.length * columns);
  const labels = new Float32Array(indexes.length);
  const timesMs = new Float64Array(indexes.length);
  indexes.forEach((row, place) => {
    features.set(examples.features.subarray(row * columns, (row + 1) * columns), place * columns);
    labels[place] = examples.labels[row] ?? NaN;
    timesMs[place] = examples.timesMs[row] ?? NaN;
  });
  return { features, rows: indexes.length, columns, labels, timesMs };
}

/** Throws a RangeError when the arrays disagree on their size or a label is neither 0 nor 1. */
export function checkExamples(examples: Examples, featureNames: readonly string[]): void {
  const { rows, columns, features, labels, timesMs } = examples;
  if (features.length !== rows * columns) throw new RangeError(`${features.length} feature values do not make ${rows} rows of ${columns}`);
  if (labels.length !== rows || timesMs.length !== rows) throw new RangeError(`${rows} rows have ${labels.length} labels and ${timesMs.length} times`);
  if (featureNames.length !== columns) throw new RangeError(`${columns} columns have ${featureNames.length} names`);
  if (labels.some((label) => label !== 0 && label !== 1)) throw new RangeError('a label is neither 0 nor 1');
  if (timesMs.some((time) => !Number.isFinite(time))) throw new RangeError('a row has no time');
}

export function countPositives(labels: Float32Array): number {
  let positives = 0;
  for (const label of labels) if (label === 1) positives += 1;
  return positives;
}

/** The values at these places, in their order. */
export function takeValues<T extends Float32Array | Uint32Array>(values: T, indexes: Uint32Array): T {
  const taken = values.slice(0, indexes.length) as T;
  indexes.forEach((index, place) => (taken[place] = values[index] ?? NaN));
  return taken;
}

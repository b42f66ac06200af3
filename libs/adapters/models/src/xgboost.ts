import type { Booster, Trainer, TrainOptions, ValidationRows } from '@sp/learning';
import koffi from 'koffi';
import type { Handle, XgboostLibrary, XgboostPaths } from './xgboost-library';
import { loadXgboost, XgboostError } from './xgboost-library';

export type Xgboost = Trainer;

/**
 * XGBoost's C library as a trainer. Calls are synchronous and long: use it in a child process. Same input and seed make the
 * same trees for any number of threads, on one build of the library.
 */
export function openXgboost(paths: XgboostPaths, { threads = 1 }: { readonly threads?: number } = {}): Xgboost {
  const library = loadXgboost(paths);
  return { libraryVersion: `xgboost ${library.version}`, train: (options) => train(library, options, threads) };
}

/** Where the environment (XGBOOST_LIBRARY, DMLC_LIBRARY) or the system's loader finds the libraries; undefined when nowhere. */
export function findXgboost(environment: Readonly<Record<string, string | undefined>> = process.env): XgboostPaths | undefined {
  const named = environment.XGBOOST_LIBRARY;
  const dmlc = environment.DMLC_LIBRARY;
  const guesses: XgboostPaths[] = named ? [{ xgboost: named, ...(dmlc ? { dmlc } : {}) }] : WELL_KNOWN;
  return guesses.find(canLoad);
}

const WELL_KNOWN: XgboostPaths[] = [
  { xgboost: 'libxgboost.so.0', dmlc: 'libdmlc.so.0' },
  { xgboost: 'libxgboost.so' },
  { xgboost: '/opt/homebrew/lib/libxgboost.dylib' },
  { xgboost: '/usr/local/lib/libxgboost.dylib' },
];

function canLoad(paths: XgboostPaths): boolean {
  try {
    loadXgboost(paths);
    return true;
  } catch {
    return false;
  }
}

function train(library: XgboostLibrary, options: TrainOptions, threads: number): Booster {
  const { columns, validation } = options;
  const matrix = matrixOf(library, options, columns);
  const watched = validation && matrixOf(library, validation, columns);
  try {
    if (options.weights) setFloats(library, matrix, 'weight', options.weights);
    const handle = library.create('XGBoosterCreate', [matrix], 1);
    try {
      setParams(library, handle, options, threads);
      const rounds = grow(library, handle, { options, matrix, watched });
      const width = { columns, outputs: outputsOf(options.params) };
      return rounds < options.rounds ? sliceOf(library, handle, rounds, width) : boosterOf(library, handle, rounds, width);
    } catch (error) {
      library.call('XGBoosterFree', handle);
      throw error;
    }
  } finally {
    library.call('XGDMatrixFree', matrix);
    if (watched) library.call('XGDMatrixFree', watched);
  }
}

interface Width {
  readonly columns: number;
  /** Numbers that a prediction has a row: one a class for a softmax, else one. */
  readonly outputs: number;
}

function outputsOf(params: TrainOptions['params']): number {
  return params.objective === 'multi:softprob' ? Number(params.num_class) : 1;
}

interface LabelledRows {
  readonly features: Float32Array;
  readonly rows: number;
  readonly labels?: Float32Array;
}

function matrixOf(library: XgboostLibrary, { features, rows, labels }: LabelledRows, columns: number): Handle {
  // The library reads rows x columns floats whatever the array's length is: a short one would be read beyond its end.
  if (features.length < rows * columns) throw new XgboostError(`${features.length} feature values do not make ${rows} rows of ${columns}`);
  if (labels && labels.length !== rows) throw new XgboostError(`${rows} rows have ${labels.length} labels`);
  const matrix = library.create('XGDMatrixCreateFromMat', features, rows, columns, NaN);
  if (labels) setFloats(library, matrix, 'label', labels);
  return matrix;
}

function setFloats(library: XgboostLibrary, matrix: Handle, field: string, values: Float32Array): void {
  library.call('XGDMatrixSetFloatInfo', matrix, field, values, values.length);
}

function setParams(library: XgboostLibrary, handle: Handle, { params, seed, labels }: TrainOptions, threads: number): void {
  const all = { objective: 'binary:logistic', tree_method: 'hist', verbosity: 0, nthread: threads, base_score: baseScore(labels), ...params, seed };
  for (const [name, value] of Object.entries(all)) library.call('XGBoosterSetParam', handle, name, String(value));
}

/** The share of positives. Versions differ in what they start from when it is not set, so it always is. */
function baseScore(labels: Float32Array): number {
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  return Math.min(0.999, Math.max(0.001, mean || 0.5));
}

interface Growing {
  readonly options: TrainOptions;
  readonly matrix: Handle;
  readonly watched: Handle | undefined;
}

/** Returns how many rounds to keep. */
function grow(library: XgboostLibrary, handle: Handle, { options: { rounds, validation }, matrix, watched }: Growing): number {
  let best = { loss: Infinity, rounds };
  for (let round = 0; round < rounds; round += 1) {
    library.call('XGBoosterUpdateOneIter', handle, round, matrix);
    if (!watched || !validation) continue;
    const loss = lossOn(library, handle, watched, round);
    if (loss < best.loss) best = { loss, rounds: round + 1 };
    else if (isStale(validation, round + 1 - best.rounds)) break;
  }
  return best.rounds;
}

function isStale({ stopAfterRounds }: ValidationRows, roundsWithoutGain: number): boolean {
  return roundsWithoutGain >= stopAfterRounds;
}

function lossOn(library: XgboostLibrary, handle: Handle, watched: Handle, round: number): number {
  const text: (string | null)[] = [null];
  library.call('XGBoosterEvalOneIter', handle, round, [watched], ['watched'], 1, text);
  // "[3]\twatched-logloss:0.31"; with several metrics the last one decides, as in the library's own early stopping.
  return Number(text[0]?.split(':').at(-1) ?? NaN);
}

function sliceOf(library: XgboostLibrary, whole: Handle, rounds: number, width: Width): Booster {
  const handle = library.create('XGBoosterSlice', whole, 0, rounds, 1);
  library.call('XGBoosterFree', whole);
  return boosterOf(library, handle, rounds, width);
}

function boosterOf(library: XgboostLibrary, handle: Handle, rounds: number, width: Width): Booster {
  let freed = false;
  const alive = (): Handle => {
    if (freed) throw new XgboostError('the booster was freed');
    return handle;
  };
  return {
    rounds,
    predict: (features, rows) => predict(library, alive(), { features, rows }, width),
    dumpJson: () => saveJson(library, alive()),
    free: () => {
      if (!freed) library.call('XGBoosterFree', handle);
      freed = true;
    },
  };
}

const WHOLE_MODEL = JSON.stringify({ type: 0, training: false, iteration_begin: 0, iteration_end: 0, strict_shape: false });

function predict(library: XgboostLibrary, handle: Handle, rows: LabelledRows, { columns, outputs }: Width): Float32Array {
  if (rows.rows === 0) return new Float32Array();
  const matrix = matrixOf(library, rows, columns);
  try {
    const result: unknown[] = [null];
    library.call('XGBoosterPredictFromDMatrix', handle, matrix, WHOLE_MODEL, [null], [0], result);
    // The result lives in the library until its next call on this thread: copied at once.
    return new Float32Array(koffi.view(result[0], rows.rows * outputs * Float32Array.BYTES_PER_ELEMENT).slice(0));
  } finally {
    library.call('XGDMatrixFree', matrix);
  }
}

function saveJson(library: XgboostLibrary, handle: Handle): string {
  const length = [0];
  const out: unknown[] = [null];
  library.call('XGBoosterSaveModelToBuffer', handle, JSON.stringify({ format: 'json' }), length, out);
  return Buffer.from(koffi.view(out[0], Number(length[0])).slice(0)).toString('utf8');
}

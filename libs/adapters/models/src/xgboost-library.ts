import type { LibraryHandle } from 'koffi';
import koffi from 'koffi';

export interface XgboostPaths {
  /** Path or name of the shared library of XGBoost 1.7 or later. */
  readonly xgboost: string;
  /** Debian's build needs libdmlc loaded first; other builds carry it inside. */
  readonly dmlc?: string;
}

/** A call into XGBoost failed; the message is the library's own. */
export class XgboostError extends Error {
  override readonly name = 'XgboostError';
}

/** Opaque pointer of the library. */
export type Handle = object | bigint;

const SIGNATURES = {
  XGDMatrixCreateFromMat: 'int XGDMatrixCreateFromMat(const float *data, uint64_t rows, uint64_t columns, float missing, _Out_ void **out)',
  XGDMatrixSetFloatInfo: 'int XGDMatrixSetFloatInfo(void *matrix, const char *field, const float *values, uint64_t length)',
  XGDMatrixFree: 'int XGDMatrixFree(void *matrix)',
  XGBoosterCreate: 'int XGBoosterCreate(const void **matrices, uint64_t length, _Out_ void **out)',
  XGBoosterFree: 'int XGBoosterFree(void *booster)',
  XGBoosterSetParam: 'int XGBoosterSetParam(void *booster, const char *name, const char *value)',
  XGBoosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void *booster, int round, void *matrix)',
  XGBoosterEvalOneIter: 'int XGBoosterEvalOneIter(void *booster, int round, void **matrices, const char **names, uint64_t length, _Out_ const char **out)',
  XGBoosterSlice: 'int XGBoosterSlice(void *booster, int begin, int end, int step, _Out_ void **out)',
  XGBoosterPredictFromDMatrix:
    'int XGBoosterPredictFromDMatrix(void *booster, void *matrix, const char *config, _Out_ uint64_t **shape, _Out_ uint64_t *dimensions, _Out_ float **result)',
  XGBoosterSaveModelToBuffer: 'int XGBoosterSaveModelToBuffer(void *booster, const char *config, _Out_ uint64_t *length, _Out_ void **out)',
} as const;

export interface XgboostLibrary {
  readonly version: string;
  /** Throws XgboostError with the library's text when the call does not return 0. */
  call(name: keyof typeof SIGNATURES, ...args: readonly unknown[]): void;
  /** A call whose last argument is a new handle. */
  create(name: keyof typeof SIGNATURES, ...args: readonly unknown[]): Handle;
}

/** Loads the libraries. Throws XgboostError where one is not there or is too old. */
export function loadXgboost(paths: XgboostPaths): XgboostLibrary {
  const { library, lastError, functions } = load(paths);
  const call: XgboostLibrary['call'] = (name, ...args) => {
    // XGBGetLastError is per thread, so it must be asked on the thread of the failed call, at once.
    if (functions.get(name)?.(...args) !== 0) throw new XgboostError(`${name}: ${firstLines(String(lastError()))}`);
  };
  const create: XgboostLibrary['create'] = (name, ...args) => {
    const out: (Handle | null)[] = [null];
    call(name, ...args, out);
    if (out[0] === null || out[0] === undefined) throw new XgboostError(`${name} gave no handle`);
    return out[0];
  };
  return { version: versionOf(library), call, create };
}

function load({ xgboost, dmlc }: XgboostPaths) {
  try {
    if (dmlc) koffi.load(dmlc, { global: true });
    const library = koffi.load(xgboost);
    const functions = new Map(Object.entries(SIGNATURES).map(([name, signature]) => [name, library.func(signature)]));
    return { library, functions, lastError: library.func('const char *XGBGetLastError()') };
  } catch (cause) {
    throw new XgboostError(`XGBoost's library cannot be loaded from ${[dmlc, xgboost].filter(Boolean).join(' and ')}`, { cause });
  }
}

function versionOf(library: LibraryHandle): string {
  const parts = [[0], [0], [0]];
  library.func('void XGBoostVersion(_Out_ int *major, _Out_ int *minor, _Out_ int *patch)')(...parts);
  return parts.map(([part]) => part).join('.');
}

/** The text goes on with a stack trace of addresses that helps nobody here. */
function firstLines(text: string): string {
  return (text.split('\nStack trace')[0] ?? text).trim();
}

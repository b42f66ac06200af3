/** A loss the trainer may watch on rows that it does not learn from, to stop early. */
export interface ValidationRows {
  readonly features: Float32Array;
  readonly rows: number;
  readonly labels: Float32Array;
  /** Growing ends after this many rounds without a smaller loss; the best round's model is kept. */
  readonly stopAfterRounds: number;
}

export type TrainingParams = Readonly<Record<string, string | number>>;

export interface TrainOptions {
  /** Row-major, missing is NaN. */
  readonly features: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly labels: Float32Array;
  readonly weights?: Float32Array;
  readonly params: TrainingParams;
  readonly rounds: number;
  readonly seed: number;
  readonly validation?: ValidationRows;
}

/** Grown trees held by the trainer's library: whoever gets one must free it. */
export interface Booster {
  /** Rounds that the model really holds (fewer than asked for after an early stop). */
  readonly rounds: number;
  /** One number a row; for `multi:softprob` one a class, row by row. */
  predict(features: Float32Array, rows: number): Float32Array;
  /** The whole model as the library's own JSON text. */
  dumpJson(): string;
  free(): void;
}

/** What learning needs from a boosting library; the same input and seed must give the same booster. */
export interface Trainer {
  readonly libraryVersion: string;
  train(options: TrainOptions): Booster;
}

import type { ModelMetrics } from './model-metrics';
import type { TrainingParams } from './trainer';

export interface DataRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is known about a model when its trees are grown, before it is exported. */
export interface TrainingCard {
  readonly name: string;
  /** ISO 8601, given by the caller. */
  readonly trainedAt: string;
  readonly dataRange: DataRange;
  /** First instant of the held-out test part. */
  readonly testFromMs: number;
  readonly dataHash: string;
  /** In the order of the model's input. */
  readonly featureNames: readonly string[];
  readonly rows: number;
  readonly positives: number;
  /** Which rows the stored trees saw; the test figures always come from trees grown on the train part alone. */
  readonly fittedOn: 'train-part' | 'all-rows';
  readonly libraryVersion: string;
  readonly seed: number;
  readonly params: TrainingParams;
  readonly rounds: number;
  /** Chosen on the out-of-fold predictions by F-beta, never on the test part. */
  readonly threshold: number;
  readonly metrics: { readonly crossValidation: ModelMetrics; readonly test: ModelMetrics };
  /** For a reader: "simulated data", for example. */
  readonly note: string;
}

export interface Parity {
  readonly rows: number;
  readonly maximumDifference: number;
}

/** A card with the proof that the exported model says what the trained one says. */
export interface UnsavedModelCard extends TrainingCard {
  readonly parity: Parity;
}

/** The version is made of the artefact's content, so it exists only once the model is stored. */
export interface ModelCard extends UnsavedModelCard {
  readonly version: string;
}

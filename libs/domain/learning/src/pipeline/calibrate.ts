import { logLoss } from '../probability-metrics';
import { fitLogistic } from './logistic-regression';

/** A straight line over the log odds (Platt 1999): P' = 1 / (1 + exp(-(slope x logit(P) + offset))). */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

export const UNCHANGED: Calibration = { slope: 1, offset: 0 };

/** Probabilities are kept this far from 0 and 1, so that the log odds stay finite. */
const EDGE = 1e-6;
/** Less gain in log loss than this share is chance. */
const WORTH = 0.002;

/** Learned on predictions for rows that the model had not seen; the identity where a line would not help. */
export function learnCalibration(labels: Float32Array, probabilities: Float32Array): Calibration {
  const { weights, intercept } = fitLogistic({ features: probabilities.map(logOdds), rows: labels.length, columns: 1, labels, ridge: 1e-3 });
  const line = { slope: weights[0] ?? 1, offset: intercept };
  const gain = 1 - logLoss(labels, applyCalibration(line, probabilities)) / logLoss(labels, probabilities);
  return gain > WORTH && line.slope > 0 ? line : UNCHANGED;
}

export function applyCalibration({ slope, offset }: Calibration, probabilities: Float32Array): Float32Array {
  if (slope === 1 && offset === 0) return probabilities;
  return probabilities.map((probability) => 1 / (1 + Math.exp(-(slope * logOdds(probability) + offset))));
}

function logOdds(probability: number): number {
  const kept = Math.min(1 - EDGE, Math.max(EDGE, probability));
  return Math.log(kept / (1 - kept));
}

import { countPositives } from './examples';
import type { CalibrationBin } from './probability-metrics';
import { brierScore, calibrationTable, logLoss, rocAuc } from './probability-metrics';
import type { ThresholdMetrics } from './threshold-metrics';
import { metricsAtThreshold } from './threshold-metrics';

/** Everything that a card says about one set of predictions. */
export interface ModelMetrics extends ThresholdMetrics {
  readonly rows: number;
  readonly positives: number;
  readonly rocAuc: number | null;
  readonly logLoss: number;
  readonly brier: number;
  readonly calibration: readonly CalibrationBin[];
}

export function measure(labels: Float32Array, probabilities: Float32Array, at: { readonly threshold: number; readonly beta: number }): ModelMetrics {
  return {
    rows: labels.length,
    positives: countPositives(labels),
    rocAuc: rocAuc(labels, probabilities),
    logLoss: logLoss(labels, probabilities),
    brier: brierScore(labels, probabilities),
    calibration: calibrationTable(labels, probabilities),
    ...metricsAtThreshold(labels, probabilities, at.threshold, at.beta),
  };
}

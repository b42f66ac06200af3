/** Weighs precision far above recall: an offer to the wrong client costs money, a missed one only a chance. */
export const DEFAULT_BETA = 0.25;

export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

export interface ThresholdMetrics {
  readonly threshold: number;
  readonly confusion: ConfusionMatrix;
  /** 0 where nothing is predicted positive, as scikit-learn's zero_division=0. */
  readonly precision: number;
  readonly recall: number;
  readonly beta: number;
  readonly fBeta: number;
}

/** Rows at or above the threshold count as predicted positive. */
export function metricsAtThreshold(labels: Float32Array, probabilities: Float32Array, threshold: number, beta = DEFAULT_BETA): ThresholdMetrics {
  let truePositives = 0;
  let falsePositives = 0;
  let positives = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const positive = labels[row] === 1;
    if (positive) positives += 1;
    if ((probabilities[row] ?? NaN) < threshold) continue;
    if (positive) truePositives += 1;
    else falsePositives += 1;
  }
  const falseNegatives = positives - truePositives;
  const trueNegatives = labels.length - positives - falsePositives;
  return describe({ truePositives, falsePositives, trueNegatives, falseNegatives }, threshold, beta);
}

/**
 * The threshold with the largest F-beta among the predictions themselves; of equals the higher one, which makes fewer offers.
 * Without a positive row the largest prediction is returned.
 */
export function bestThreshold(labels: Float32Array, probabilities: Float32Array, beta = DEFAULT_BETA): ThresholdMetrics {
  const order = Uint32Array.from(probabilities.keys()).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
  let positives = 0;
  for (const label of labels) if (label === 1) positives += 1;
  let threshold = probabilities[order[0] ?? 0] ?? 0;
  let best = -1;
  let truePositives = 0;
  for (const [place, row] of order.entries()) {
    if (labels[row] === 1) truePositives += 1;
    const next = order[place + 1];
    if (next !== undefined && probabilities[next] === probabilities[row]) continue;
    const score = fBetaOf(truePositives, place + 1, positives, beta);
    if (score > best) [best, threshold] = [score, probabilities[row] ?? 0];
  }
  return metricsAtThreshold(labels, probabilities, threshold, beta);
}

function describe(confusion: ConfusionMatrix, threshold: number, beta: number): ThresholdMetrics {
  const predicted = confusion.truePositives + confusion.falsePositives;
  const positives = confusion.truePositives + confusion.falseNegatives;
  return {
    threshold,
    confusion,
    precision: predicted === 0 ? 0 : confusion.truePositives / predicted,
    recall: positives === 0 ? 0 : confusion.truePositives / positives,
    beta,
    fBeta: fBetaOf(confusion.truePositives, predicted, positives, beta),
  };
}

/** (1 + b2) TP / (predicted + b2 positives): van Rijsbergen's measure without a division by zero on the way. */
function fBetaOf(truePositives: number, predicted: number, positives: number, beta: number): number {
  const square = beta * beta;
  const whole = predicted + square * positives;
  return whole === 0 ? 0 : ((1 + square) * truePositives) / whole;
}

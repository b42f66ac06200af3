/** Probabilities are kept this far from 0 and 1 before a logarithm, so that one sure mistake costs much and not infinity. */
const CLIP = 1e-15;

export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean of the predictions and share of positives in the bin; null when the bin is empty. */
  readonly meanProbability: number | null;
  readonly observedShare: number | null;
}

/**
 * Area under the ROC curve by the rank statistic (Mann-Whitney, ties count half): the probability that a positive row
 * outranks a negative one. Null when a class is absent.
 */
export function rocAuc(labels: Float32Array, scores: Float32Array): number | null {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    const end = endOfTie(order, scores, start);
    const meanRank = (start + 1 + end) / 2;
    for (let place = start; place < end; place += 1) {
      if (labels[order[place] ?? 0] !== 1) continue;
      positives += 1;
      rankSum += meanRank;
    }
    start = end;
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function endOfTie(order: Uint32Array, scores: Float32Array, start: number): number {
  const score = scores[order[start] ?? 0];
  let end = start + 1;
  while (end < order.length && scores[order[end] ?? 0] === score) end += 1;
  return end;
}

/** Mean negative log-likelihood in nats. */
export function logLoss(labels: Float32Array, probabilities: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const probability = Math.min(1 - CLIP, Math.max(CLIP, probabilities[row] ?? NaN));
    sum -= Math.log(labels[row] === 1 ? probability : 1 - probability);
  }
  return sum / labels.length;
}

/** Mean squared error of the probabilities (Brier 1950, the form with one class). */
export function brierScore(labels: Float32Array, probabilities: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) sum += ((probabilities[row] ?? NaN) - (labels[row] ?? NaN)) ** 2;
  return sum / labels.length;
}

/** Bins of equal width over 0..1; a probability on an edge belongs to the upper bin, 1 to the last. */
export function calibrationTable(labels: Float32Array, probabilities: Float32Array, bins = 10): readonly CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, probability: 0, positives: 0 }));
  for (let row = 0; row < labels.length; row += 1) {
    const probability = probabilities[row] ?? NaN;
    const sum = sums[Math.min(bins - 1, Math.floor(probability * bins))];
    if (!sum) continue;
    sum.rows += 1;
    sum.probability += probability;
    sum.positives += labels[row] ?? 0;
  }
  return sums.map(({ rows, probability, positives }, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    rows,
    meanProbability: rows === 0 ? null : probability / rows,
    observedShare: rows === 0 ? null : positives / rows,
  }));
}

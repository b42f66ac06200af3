import normal from '@stdlib/stats-base-dists-normal';
import type { Interval } from './estimate';

/**
 * What one policy would have earned, from the log of another one. A row is one logged decision; `weights` hold the probability that
 * the target policy takes the logged action over the probability with which it was taken (which must be above 0 wherever the
 * target's is).
 */
export interface LoggedRewards {
  readonly rewards: Float64Array;
  readonly weights: Float64Array;
}

/** Predictions of the reward for the doubly robust estimator, made by a model that did not see the row. */
export interface RewardModel {
  /** For the action that was taken. */
  readonly logged: Float64Array;
  /** Mean over the target policy's actions. */
  readonly target: Float64Array;
}

export interface OffPolicyOptions {
  /** Weights above are cut to this: less variance, at the price of a bias towards the logging policy. None by default. */
  readonly maximumWeight?: number;
  readonly confidence?: number;
}

/** A value a decision with the normal interval of its influence function. */
export interface OffPolicyValue extends Interval {
  readonly value: number;
  readonly standardError: number;
  /** Kish: (sum of weights)^2 / sum of squared weights; below some hundreds the interval is optimistic. */
  readonly effectiveRows: number;
  readonly clippedShare: number;
}

/** Inverse propensity scoring (Horvitz and Thompson 1952): unbiased without clipping. */
export function inversePropensityValue(log: LoggedRewards, options: OffPolicyOptions = {}): OffPolicyValue {
  const { weights, clippedShare } = clip(log.weights, options.maximumWeight);
  const terms = log.rewards.map((reward, row) => reward * (weights[row] ?? NaN));
  return describe(mean(terms), terms, weights, clippedShare, options);
}

/** Self-normalised (Hájek; Swaminathan and Joachims 2015): divides by the sum of weights; a little bias, far less variance. */
export function selfNormalisedValue(log: LoggedRewards, options: OffPolicyOptions = {}): OffPolicyValue {
  const { weights, clippedShare } = clip(log.weights, options.maximumWeight);
  const meanWeight = mean(weights);
  const value = mean(log.rewards.map((reward, row) => reward * (weights[row] ?? NaN))) / meanWeight;
  const influence = log.rewards.map((reward, row) => value + ((weights[row] ?? NaN) * (reward - value)) / meanWeight);
  return describe(value, influence, weights, clippedShare, options);
}

/** Doubly robust (Dudík, Langford, Li 2011): the model's prediction, corrected by the weighted residuals of what was seen. */
export function doublyRobustValue(log: LoggedRewards, model: RewardModel, options: OffPolicyOptions = {}): OffPolicyValue {
  const { weights, clippedShare } = clip(log.weights, options.maximumWeight);
  const terms = log.rewards.map((reward, row) => (model.target[row] ?? NaN) + (weights[row] ?? NaN) * (reward - (model.logged[row] ?? NaN)));
  return describe(mean(terms), terms, weights, clippedShare, options);
}

/** Self-normalised value of the second policy minus that of the first on the same rows: their noise is shared, so the interval is narrower than of two values. */
export function offPolicyDifference(rewards: Float64Array, before: Float64Array, after: Float64Array, options: OffPolicyOptions = {}): OffPolicyValue {
  const [first, second] = [before, after].map((weights) => selfNormalisedTerms(rewards, weights, options.maximumWeight));
  const terms = (second?.terms ?? new Float64Array()).map((term, row) => term - (first?.terms[row] ?? NaN));
  return describe(mean(terms), terms, second?.weights ?? after, second?.clippedShare ?? 0, options);
}

function selfNormalisedTerms(rewards: Float64Array, raw: Float64Array, maximumWeight?: number) {
  const { weights, clippedShare } = clip(raw, maximumWeight);
  const meanWeight = mean(weights);
  const value = mean(rewards.map((reward, row) => reward * (weights[row] ?? NaN))) / meanWeight;
  return { weights, clippedShare, terms: rewards.map((reward, row) => value + ((weights[row] ?? NaN) * (reward - value)) / meanWeight) };
}

function clip(weights: Float64Array, maximumWeight = Infinity): { readonly weights: Float64Array; readonly clippedShare: number } {
  const clipped = weights.reduce((count, weight) => count + Number(weight > maximumWeight), 0);
  return { weights: weights.map((weight) => Math.min(weight, maximumWeight)), clippedShare: clipped / weights.length };
}

/** `terms` have the value as their mean and the estimator's variance times the rows as their variance. */
function describe(value: number, terms: Float64Array, weights: Float64Array, clippedShare: number, { confidence = 0.95 }: OffPolicyOptions): OffPolicyValue {
  const variance = terms.reduce((sum, term) => sum + (term - value) ** 2, 0) / (terms.length - 1);
  const standardError = Math.sqrt(variance / terms.length);
  const half = normal.quantile(0.5 + confidence / 2, 0, 1) * standardError;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  return { value, standardError, low: value - half, high: value + half, effectiveRows: squares === 0 ? 0 : (sum * sum) / squares, clippedShare };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { describe, expect, it } from 'vitest';
import { bestThreshold, metricsAtThreshold } from './threshold-metrics';

const floats = (...values: number[]) => Float32Array.from(values);

describe('metricsAtThreshold', () => {
  it('gives the confusion matrix of scikit-learn’s example (tn 0, fp 2, fn 1, tp 1)', () => {
    const { confusion, precision, recall } = metricsAtThreshold(floats(0, 1, 0, 1), floats(1, 1, 1, 0), 0.5);
    expect(confusion).toEqual({ trueNegatives: 0, falsePositives: 2, falseNegatives: 1, truePositives: 1 });
    expect(precision).toBeCloseTo(1 / 3, 12);
    expect(recall).toBe(0.5);
  });

  it.each([
    [0.1, 0.5, 1],
    [0.35, 2 / 3, 1],
    [0.4, 0.5, 0.5],
    [0.8, 1, 0.5],
  ])('gives the precision and recall of precision_recall_curve’s example at %d', (threshold, precision, recall) => {
    const found = metricsAtThreshold(floats(0, 0, 1, 1), floats(0.1, 0.4, 0.35, 0.8), Math.fround(threshold));
    expect(found.precision).toBeCloseTo(precision, 12);
    expect(found.recall).toBe(recall);
  });

  it('gives F-0.25 by hand: precision 1/2, recall 1 make 1.0625 * 0.5 / (0.0625 * 0.5 + 1)', () => {
    expect(metricsAtThreshold(floats(1, 0), floats(0.9, 0.9), 0.5).fBeta).toBeCloseTo(0.53125 / 1.03125, 12);
  });

  it('gives F1 as the harmonic mean of precision and recall', () => {
    expect(metricsAtThreshold(floats(0, 1, 0, 1), floats(1, 1, 1, 0), 0.5, 1).fBeta).toBeCloseTo((2 * (1 / 3) * 0.5) / (1 / 3 + 0.5), 12);
  });

  it('has no precision where nothing is predicted positive', () => {
    expect(metricsAtThreshold(floats(1, 0), floats(0.1, 0.1), 0.5)).toMatchObject({ precision: 0, recall: 0, fBeta: 0 });
  });
});

describe('bestThreshold', () => {
  const labels = floats(1, 0, 1, 1, 0, 0, 1, 0);
  const probabilities = floats(0.95, 0.8, 0.7, 0.6, 0.6, 0.3, 0.2, 0.1);

  it('is no worse than any other threshold among the predictions', () => {
    for (const beta of [0.25, 1, 2]) {
      const all = [...probabilities].map((threshold) => metricsAtThreshold(labels, probabilities, threshold, beta).fBeta);
      expect(bestThreshold(labels, probabilities, beta).fBeta).toBe(Math.max(...all));
    }
  });

  it('with a small beta takes the sure rows, with a large one nearly all', () => {
    expect(bestThreshold(labels, probabilities, 0.25).threshold).toBeCloseTo(0.95, 6);
    expect(bestThreshold(labels, probabilities, 4).threshold).toBeCloseTo(0.2, 6);
  });

  it('does not cut through equal predictions', () => {
    expect(bestThreshold(floats(1, 0, 1), floats(0.5, 0.5, 0.5)).confusion).toMatchObject({ truePositives: 2, falsePositives: 1 });
  });
});

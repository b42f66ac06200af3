import { describe, expect, it } from 'vitest';
import { brierScore, calibrationTable, logLoss, rocAuc } from './probability-metrics';

const floats = (...values: number[]) => Float32Array.from(values);

describe('probability metrics, against the examples of scikit-learn’s documentation', () => {
  it('gives 0.75 for the example of roc_auc_score', () => {
    expect(rocAuc(floats(0, 0, 1, 1), floats(0.1, 0.4, 0.35, 0.8))).toBe(0.75);
  });

  it('gives 0.21616 for the example of log_loss', () => {
    expect(logLoss(floats(1, 0, 0, 1), floats(0.9, 0.1, 0.2, 0.65))).toBeCloseTo(0.21616, 5);
  });

  it('gives 0.0375 for the example of brier_score_loss', () => {
    expect(brierScore(floats(0, 1, 1, 0), floats(0.1, 0.9, 0.8, 0.3))).toBeCloseTo(0.0375, 6);
  });

  it('gives the three bins of the example of calibration_curve', () => {
    const table = calibrationTable(floats(0, 0, 0, 0, 1, 1, 1, 1, 1), floats(0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1), 3);
    expect(table.map((bin) => bin.observedShare)).toEqual([0, 0.5, 1]);
    [0.2, 0.525, 0.85].forEach((mean, bin) => expect(table[bin]?.meanProbability).toBeCloseTo(mean, 6));
  });
});

describe('rocAuc', () => {
  it('counts a tie between the classes as half (by hand: of 4 pairs 2 are won and 1 is tied)', () => {
    expect(rocAuc(floats(0, 1, 0, 1), floats(0.2, 0.5, 0.5, 0.4))).toBe(0.625);
  });

  it('is one half when all scores are equal', () => {
    expect(rocAuc(floats(0, 1, 0, 1, 1), floats(3, 3, 3, 3, 3))).toBe(0.5);
  });

  it('is unknown when a class is absent', () => {
    expect(rocAuc(floats(1, 1), floats(0.1, 0.2))).toBeNull();
  });

  it('equals counting all pairs', () => {
    const scores = floats(...Array.from({ length: 60 }, (_, i) => (i * 37) % 11));
    const labels = floats(...Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 1 : 0)));
    expect(rocAuc(labels, scores)).toBeCloseTo(byPairs(labels, scores), 12);
  });
});

describe('calibrationTable', () => {
  it('has ten bins, puts 1 into the last one and leaves empty ones without a mean', () => {
    const table = calibrationTable(floats(1, 0), floats(1, 0.05));
    expect(table).toHaveLength(10);
    expect(table[9]).toMatchObject({ rows: 1, meanProbability: 1, observedShare: 1 });
    expect(table[4]).toMatchObject({ rows: 0, meanProbability: null, observedShare: null });
  });
});

describe('logLoss', () => {
  it('stays finite for a sure mistake', () => {
    expect(logLoss(floats(1), floats(0))).toBeCloseTo(-Math.log(1e-15), 6);
  });
});

function byPairs(labels: Float32Array, scores: Float32Array): number {
  let won = 0;
  let pairs = 0;
  for (const [a, label] of labels.entries()) {
    for (const [b, other] of labels.entries()) {
      if (label !== 1 || other !== 0) continue;
      pairs += 1;
      const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
      won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    }
  }
  return won / pairs;
}

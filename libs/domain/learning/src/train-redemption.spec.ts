import { describe, expect, it } from 'vitest';
import type { Examples } from './examples';
import { trainRedemption } from './train-redemption';
import type { Booster, Trainer, TrainOptions } from './trainer';

/** Fake: "learns" the share of positives where the first feature is above zero and where it is not; `eta` 0 learns nothing. */
class TwoLeafTrainer implements Trainer {
  readonly libraryVersion = 'two-leaf';
  readonly seen: TrainOptions[] = [];
  alive = 0;

  train(options: TrainOptions): Booster {
    this.seen.push(options);
    this.alive += 1;
    const above = options.params.eta === 0 ? shareWhere(options, () => true) : shareWhere(options, (value) => value > 0);
    const below = options.params.eta === 0 ? above : shareWhere(options, (value) => value <= 0);
    return {
      rounds: options.rounds,
      predict: (features, rows) => Float32Array.from({ length: rows }, (_, row) => ((features[row * options.columns] ?? 0) > 0 ? above : below)),
      dumpJson: () => JSON.stringify({ above, below }),
      free: () => void (this.alive -= 1),
    };
  }
}

const about = { name: 'redemption', trainedAt: '2026-01-01T00:00:00Z', dataHash: 'abc', note: 'simulated data' };
const featureNames = ['signal', 'other'];
const candidates = [
  { params: { eta: 0 }, rounds: 10 },
  { params: { eta: 1 }, rounds: 20 },
];

describe('trainRedemption', () => {
  it('chooses the candidate with the smaller cross-validated loss and writes it on the card', () => {
    const result = trained(new TwoLeafTrainer(), someRows(400));
    expect(result.card).toMatchObject({ ...about, featureNames, rows: 400, rounds: 20, seed: 3, libraryVersion: 'two-leaf', fittedOn: 'all-rows' });
    expect(result.card.params).toMatchObject({ eta: 1 });
    expect(result.card.metrics.crossValidation.rocAuc).toBeGreaterThan(0.85);
    expect(result.card.metrics.test.rows).toBe(100);
  });

  it('never shows the latest quarter to the folds or to the judged model', () => {
    const trainer = new TwoLeafTrainer();
    trained(trainer, someRows(400));
    expect(trainer.seen.slice(0, 10).map((options) => options.rows)).toEqual(Array.from({ length: 10 }, () => 240));
    expect(trainer.seen.slice(10).map((options) => options.rows)).toEqual([300, 400]);
  });

  it('sees a rule that holds only in the older part fail on the test part', () => {
    const { card } = trained(new TwoLeafTrainer(), someRows(400, { reversedFrom: 300 }));
    expect(card.metrics.crossValidation.rocAuc).toBeGreaterThan(0.85);
    expect(card.metrics.test.rocAuc).toBeLessThan(0.2);
  });

  it('leaves one model alive, the caller’s, and on request the one that was judged', () => {
    const trainer = new TwoLeafTrainer();
    const { card, booster } = trained(trainer, someRows(400), { fitOn: 'train-part' });
    expect(card.fittedOn).toBe('train-part');
    expect(trainer.alive).toBe(1);
    booster.free();
    expect(trainer.alive).toBe(0);
  });

  it('tunes on a part of many rows and still fits on all', () => {
    const trainer = new TwoLeafTrainer();
    const { card } = trained(trainer, someRows(400), { maximumTuningRows: 100 });
    expect(card.metrics.crossValidation.rows).toBe(100);
    expect(trainer.seen.at(-1)?.rows).toBe(400);
  });

  it('gives the same card for the same rows and seed', () => {
    expect(trained(new TwoLeafTrainer(), someRows(400)).card).toEqual(trained(new TwoLeafTrainer(), someRows(400)).card);
  });

  it('says so when a class is too rare for the folds', () => {
    const result = trainRedemption({ trainer: new TwoLeafTrainer(), rows: someRows(8), featureNames, seed: 3, about, candidates });
    expect(result).toMatchObject({ outcome: 'too-few-examples' });
  });

  it('refuses rows whose sizes disagree', () => {
    const rows = { ...someRows(40), columns: 3 };
    expect(() => trainRedemption({ trainer: new TwoLeafTrainer(), rows, featureNames, seed: 3, about })).toThrow(RangeError);
  });
});

function trained(trainer: Trainer, rows: Examples, more: { readonly fitOn?: 'train-part'; readonly maximumTuningRows?: number } = {}) {
  const result = trainRedemption({ trainer, rows, featureNames, seed: 3, about, candidates, ...more });
  if (result.outcome !== 'trained') throw new Error(result.reason);
  return result;
}

/** Rows in order of time; nine of ten follow "positive where the first feature is above zero". */
function someRows(rows: number, { reversedFrom = Infinity } = {}): Examples {
  const features = Float32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? ((i / 2) % 2) - 0.5 : i));
  const labels = Float32Array.from({ length: rows }, (_, row) => Number((row % 2 === 1) !== (row % 10 === 0 || row >= reversedFrom)));
  return { features, rows, columns: 2, labels, timesMs: Float64Array.from({ length: rows }, (_, row) => row * 1_000) };
}

function shareWhere({ features, labels, rows, columns }: TrainOptions, matches: (value: number) => boolean): number {
  const chosen = Array.from({ length: rows }, (_, row) => row).filter((row) => matches(features[row * columns] ?? 0));
  return chosen.reduce((sum, row) => sum + (labels[row] ?? 0), 0) / Math.max(1, chosen.length);
}

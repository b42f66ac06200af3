import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import type { Trainer } from '../trainer';
import type { PipelineCandidate } from './candidates';
import { reportPage } from './report-page';
import { runPipeline, type PipelineInput } from './run-pipeline';
import type { Table } from './table';

/** Fake: predicts the share of positives, whatever the row. */
const constantTrainer: Trainer = {
  libraryVersion: 'constant',
  train: ({ labels }) => {
    const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    return { rounds: 1, predict: (_, rows) => new Float32Array(rows).fill(share), dumpJson: () => '', free: () => undefined };
  },
};
const candidates: PipelineCandidate[] = [{ kind: 'logistic-regression', ridge: 1 }, { kind: 'logistic-regression', ridge: 100_000 }, { kind: 'boosted-trees', params: { max_depth: 3, eta: 0.1 }, rounds: 10 }, { kind: 'random-forest', params: { max_depth: 6, num_parallel_tree: 10 }, rounds: 1 }];

function input({ reversedFrom = Infinity, ...more }: Partial<PipelineInput> & { readonly reversedFrom?: number } = {}): PipelineInput {
  const random = xoroshiro128plus(3);
  const rows = 3_000;
  const signal = Float64Array.from({ length: rows }, () => uniformFloat32(random) * 4 - 2);
  const noise = Float64Array.from({ length: rows }, () => uniformFloat32(random));
  const labels = signal.map((value, row) => Number(uniformFloat32(random) < 1 / (1 + Math.exp(-2 * value * (row < reversedFrom ? 1 : -1)))));
  const table: Table = { rows, columns: [{ kind: 'number', name: 'signal', values: signal }, { kind: 'number', name: 'noise <b>', values: noise }, { kind: 'number', name: 'always', values: new Float64Array(rows).fill(1) }] };
  return { trainer: constantTrainer, table, labels: Float32Array.from(labels), timesMs: Float64Array.from({ length: rows }, (_, row) => row), seed: 1, candidates, ...more };
}

function trained(given: PipelineInput) {
  const result = runPipeline(given);
  if (result.outcome !== 'trained') throw new Error(result.reason);
  return result;
}

describe('runPipeline', () => {
  const { report, candidate } = trained(input());

  it('takes the best kind by cross-validation and compares all kinds on the last rung', () => {
    expect(candidate).toEqual(candidates[0]);
    const last = report.trials.filter(({ rung }) => rung === report.trials[0]!.rung);
    expect(new Set(last.map(({ kind }) => kind)).size).toBe(3);
    expect(report.why).toMatch(/of 4 candidates.*best of the other kinds/);
  });

  it('is judged on later rows, agrees with cross-validation where the rule lasts, and says so', () => {
    expect(report.test.rows).toBe(750);
    expect(report.overfitting.verdict).toBe('sound');
    expect(Math.abs((report.test.rocAuc ?? 0) - (report.crossValidation.rocAuc ?? 1))).toBeLessThan(0.03);
  });

  it('says that a rule which turned round does not last', () => {
    expect(trained(input({ reversedFrom: 2_250 })).report.overfitting.verdict).toBe('does-not-last');
  });

  it('knows what it looks at, and what it dropped', () => {
    expect(report.importances[0]).toMatchObject({ name: 'signal', aucLoss: expect.closeTo(0.4, 0) });
    expect(Math.abs(report.importances[1]!.aucLoss)).toBeLessThan(0.02);
    expect(report.cleaning.dropped).toEqual([{ name: 'always', reason: 'constant: 1' }]);
  });

  it('ends the search where its time is over, with the best so far', () => {
    expect(trained(input({ isTimeLeft: () => false })).report.trials.map(({ rung }) => rung)).toEqual([0, 0, 0, 0]);
  });

  it('refuses what is too little to learn from', () => {
    expect(runPipeline(input({ labels: new Float32Array(3_000) }))).toMatchObject({ outcome: 'too-few-examples' });
  });

  it('becomes a page with every part, and names are no markup', () => {
    const page = reportPage('redemption', 'simulated data', report);
    for (const part of ['Choice', 'Does it hold?', 'Curves', 'Calibration', 'What it looks at', 'Cleaning', 'noise &lt;b&gt;', '</html>']) expect(page).toContain(part);
    expect(page).not.toContain('<b>');
    expect(page).not.toContain('NaN');
  });
});

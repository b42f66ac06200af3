import { describe, expect, it } from 'vitest';
import { calibrationOver, outcomeOf, type SeedReport } from './over-seeds';

const around = (value: number, half = 0.01) => ({ value, low: value - half, high: value + half });

function report(seed: number, reported: number): SeedReport {
  const truth = around(0.02);
  return {
    world: { kind: 'smooth', seed, troubles: 'drift' },
    arms: [{ arm: 'model', clients: 10, trueEffect: { margin: around(0.05) } }, { arm: 'rules', clients: 10, trueEffect: { margin: around(0.02) } }],
    weeks: [0.6, 0.7, 0.4, 0.65].map((share, place) => ({ week: place + 1, startsAt: new Date(Date.UTC(2026, 0, 5 + 7 * place)).toISOString().slice(0, 10), arms: [], shareOfOracle: { model: around(share) } })),
    troubles: [{ kind: 'taste-shift', startsAt: '2026-01-18T10:00:00.000Z' }],
    calibration: { arms: [{ arm: 'model', reportedLift: around(reported, 0.02), trueLift: truth, reportedHoldsTruth: Math.abs(reported - 0.02) <= 0.02, verdict: 'not-distinguishable' }] },
  };
}

describe('several runs together', () => {
  it('say how often the reported interval held the true lift, and whether the figure is right on the average', () => {
    const [model] = calibrationOver([report(1, 0.03), report(2, 0.01), report(3, 0.09)]);
    expect(model).toMatchObject({ arm: 'model', seeds: 3, held: 2, meanTrue: 0.02, verdicts: { 'not-distinguishable': 3 } });
    expect(model?.bias?.value).toBeCloseTo(0.13 / 3 - 0.02);
  });

  it('say by how much the model arm is above another, and what the change of tastes took', () => {
    const { aboveRules, drift } = outcomeOf(report(1, 0.03));
    expect(aboveRules?.value).toBeCloseTo(0.03);
    expect(aboveRules!.high - aboveRules!.low).toBeCloseTo(2 * Math.hypot(0.01, 0.01));
    expect(drift).toEqual({ before: 0.7, after: 0.4, last: 0.65 });
  });
});

import { expect, test } from 'vitest';
import { judgeGuardrails } from './guardrails';
import type { ArmMetric } from './compare-metrics';

const options = { control: 'now', alpha: 0.05, tightestAt: 20_000, observations: () => 20_000 };
const rows = (metric: ArmMetric['metric'], control: number, treated: number, variance: number): ArmMetric[] => [
  { metric, arm: 'now', sample: { known: true, n: 5000, mean: control, variance } }, { metric, arm: 'new', sample: { known: true, n: 5000, mean: treated, variance } },
];
const judged = (metrics: ArmMetric[], tolerance = 0): string | undefined => judgeGuardrails([{ metric: metrics[0]!.metric, tolerance }], metrics, options)[0]?.state;

test('more opt-outs and less spend are harm; whether it is borne is said beforehand', () => {
  expect(judged(rows('opt-outs', 0.01, 0.03, 0.01))).toBe('broken');
  expect(judged(rows('spend', 100, 80, 400))).toBe('broken');
  expect(judged(rows('spend', 100, 80, 400), 0.3)).toBe('kept');
});

test('what is better or alike is not broken, and little data leaves it open', () => {
  expect(judged(rows('opt-outs', 0.03, 0.01, 0.01))).toBe('kept');
  expect(judged(rows('spend', 100, 120, 400))).toBe('kept');
  expect(judged(rows('spend', 100, 99, 40_000), 0.02)).toBe('open');
  expect(judgeGuardrails([{ metric: 'spend', tolerance: 0 }], [rows('spend', 1, 1, 1)[1]!], options)[0]?.state).toBe('open');
});

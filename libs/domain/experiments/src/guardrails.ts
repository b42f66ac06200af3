import type { ExperimentMetricName, GuardrailState } from '@sp/contracts';
import type { ArmMetric, MetricOptions } from './compare-metrics';
import { differenceSequence } from './confidence-sequence';

export interface Guardrail {
  readonly metric: ExperimentMetricName;
  /** Harm that is borne, as a share of the control's mean. */
  readonly tolerance: number;
}

/** More of these is harm; of all others less is. */
const harmfulUp: ReadonlySet<ExperimentMetricName> = new Set(['opt-outs']);

/** Broken: more harm than is borne is proven at this look and stays so. Kept: it is ruled out. Open: neither yet. */
export function judgeGuardrails(guardrails: readonly Guardrail[], metrics: readonly ArmMetric[], options: MetricOptions): GuardrailState[] {
  return guardrails.flatMap(({ metric, tolerance }) => {
    const rows = metrics.filter((row) => row.metric === metric);
    const control = rows.find(({ arm }) => arm === options.control)?.sample;
    return rows.filter(({ arm }) => arm !== options.control).map(({ arm, sample }): GuardrailState => {
      if (!control?.known || !sample.known) return { metric, arm, tolerance, state: 'open' };
      const sequence = differenceSequence(control, sample, { ...options, observations: options.observations(arm) });
      if (!sequence.known) return { metric, arm, tolerance, state: 'open' };
      const [least, most] = harmfulUp.has(metric) ? [sequence.low, sequence.high] : [-sequence.high, -sequence.low];
      const borne = tolerance * Math.abs(control.mean);
      return { metric, arm, tolerance, state: least > borne ? 'broken' : most <= borne ? 'kept' : 'open' };
    });
  });
}

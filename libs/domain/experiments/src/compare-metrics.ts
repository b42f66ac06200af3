import type { ExperimentMetricName, Figure, MetricComparison, SegmentComparison } from '@sp/contracts';
import normal from '@stdlib/stats-base-dists-normal';
import { adjustPValues } from './adjust-p-values';
import { chanceToWinMeans } from './chance-to-win';
import { differenceSequence, type SequenceOptions } from './confidence-sequence';
import { unknown, type Estimate, type Interval, type Sample } from './estimate';
import { relativeLift } from './relative-lift';
import { welchDifference } from './welch-difference';

/** One metric of one arm; ratios come as their linearised sample. */
export interface ArmMetric {
  readonly metric: ExperimentMetricName;
  readonly arm: string;
  readonly sample: Estimate<Sample>;
}

export interface ArmSegment {
  readonly segment: string;
  readonly arm: string;
  readonly sample: Sample;
}

export interface MetricOptions extends SequenceOptions {
  /** The arm that the others are compared with. */
  readonly control: string;
  /** Client-days of both arms together: what the always-valid interval counts as observations. */
  readonly observations: (arm: string) => number;
}

/** Every metric of every arm against the control's; p-values corrected over all of them (Holm). The control's rows have a mean alone. */
export function compareMetrics(metrics: readonly ArmMetric[], options: MetricOptions): MetricComparison[] {
  const rows = metrics.map((metric) => compare(metric, metrics.find((other) => other.metric === metric.metric && other.arm === options.control), options));
  return withAdjusted(rows);
}

/** Spend of every segment in every arm against the same segment's control, counted as one family (Holm). */
export function compareSegments(segments: readonly ArmSegment[], { alpha, control }: { readonly alpha: number; readonly control: string }): SegmentComparison[] {
  const rows = segments.filter(({ arm }) => arm !== control).map(({ segment, arm, sample }): SegmentComparison => {
    const base = segments.find((other) => other.segment === segment && other.arm === control)?.sample;
    const test = base ? welchDifference(base, sample, 1 - alpha) : unknown('too-few-observations');
    const difference = figure(test, test.known ? test.difference : 0, sample.n);
    return { segment, arm, clients: sample.n, difference, ...(test.known && { p: test.p }) };
  });
  return withAdjusted(rows);
}

function withAdjusted<T extends { readonly p?: number }>(rows: readonly T[]): (T & { readonly adjustedP?: number })[] {
  const tested = rows.flatMap(({ p }) => (p === undefined ? [] : [p]));
  const adjusted = adjustPValues(tested, 'holm');
  let next = 0;
  return rows.map((row) => (row.p === undefined ? row : { ...row, adjustedP: adjusted[next++]! }));
}

function compare({ metric, arm, sample }: ArmMetric, base: ArmMetric | undefined, { alpha, tightestAt, observations, control: name }: MetricOptions): MetricComparison {
  const n = sample.known ? sample.n : 0;
  const mean = figure(meanInterval(sample, alpha), sample.known ? sample.mean : 0, n);
  const none = { known: false, reason: 'too-few-observations', n } as const;
  if (arm === name || !sample.known || !base?.sample.known) return { metric, arm, mean, difference: none, alwaysValid: none, relative: none };
  const control = base.sample;
  const test = welchDifference(control, sample, 1 - alpha);
  const always = finite(differenceSequence(control, sample, { alpha, tightestAt, observations: observations(arm) }));
  const lift = relativeLift(control, sample, -normal.quantile(alpha / 2, 0, 1));
  const chance = chanceToWinMeans(control, sample);
  return {
    metric, arm, mean,
    difference: figure(test, test.known ? test.difference : 0, n), alwaysValid: figure(always, always.known ? always.difference : 0, n), relative: figure(lift, lift.known ? lift.lift : 0, n),
    ...(test.known && { p: test.p }), ...(chance.known && { chanceAbove: chance.chance }),
  };
}

function meanInterval(sample: Estimate<Sample>, alpha: number): Estimate<Interval> {
  if (!sample.known) return sample;
  if (sample.n < 2) return unknown('too-few-observations');
  const half = -normal.quantile(alpha / 2, 0, 1) * Math.sqrt(sample.variance / sample.n);
  return { known: true, low: sample.mean - half, high: sample.mean + half };
}

/** Before any time has passed a sequence says nothing. */
function finite<T extends Interval>(estimate: Estimate<T>): Estimate<T> {
  return estimate.known && !Number.isFinite(estimate.low + estimate.high) ? unknown('too-few-observations') : estimate;
}

function figure(estimate: Estimate<Interval>, value: number, n: number): Figure {
  return estimate.known ? { known: true, value, low: estimate.low, high: estimate.high, n } : { known: false, reason: estimate.reason, n };
}

import { armMetricSums, type ArmMetricSums, type ClickHouseClient, type SeveralArms } from '@sp/clickhouse';
import type { ArmPolicy, Experiment, ExperimentDetail, ExperimentHealth, NextStep } from '@sp/contracts';
import {
  compareMetrics, compareSegments, liftSeries, minimumDetectableEffect, multipleExposures, ratioSample, sampleOf, sampleOfProportion, sequentialRatioMismatch,
  type ArmMetric, type Estimate, type Sample,
} from '@sp/experiments';
import { alwaysOnExperiment, arms as armOrder } from '@sp/offers';
import { cumulativeSpend } from './cumulative-spend.query';
import { dailyAssignments, segmentSums, type DailyAssignments } from './experiment-health.query';

export interface DetailOptions {
  readonly alpha: number;
  readonly tightestAtClientDays: number;
  readonly horizonDays: number;
  readonly marginPercent: number;
}

const dayMs = 86_400_000;
const capQuantile = 0.99;
const mostSegments = 12;

/** What is counted out of one row a client, every two seconds. */
export type ExperimentMetrics = Pick<ExperimentDetail, 'experiment' | 'metrics' | 'comparisons' | 'traffic' | 'health' | 'nextStep'>;

/** What needs each client's days: slower, and asked less often. */
export type ExperimentCourse = Pick<ExperimentDetail, 'series' | 'segments' | 'segmentComparisons'>;

/** The metrics of one experiment's running epoch; `experiment` has been read already. */
export async function readExperimentMetrics(client: ClickHouseClient, experiment: Experiment, options: DetailOptions): Promise<ExperimentMetrics> {
  const { untilMs, startedMs } = experiment;
  const [sums, traffic] = await Promise.all([armMetricSums(client, experiment, { untilMs, marginPercent: options.marginPercent, capQuantile }), dailyAssignments(client, experiment)]);
  const days = Math.max(0, (untilMs - startedMs) / dayMs);
  const clientsOf = (arm: ArmPolicy): number => sums.find((row) => row.arm === arm)?.n ?? 0;
  const metrics = compareMetrics(metricsOf(sums), { alpha: options.alpha, tightestAt: options.tightestAtClientDays, observations: (arm) => (clientsOf('holdout') + clientsOf(arm)) * days });
  const health = healthOf(experiment, sums, traffic, options, days);
  return { experiment, metrics, comparisons: metrics.filter(({ p }) => p !== undefined).length, traffic, health, nextStep: nextStepOf(experiment, health) };
}

/** How the differences came to be, and for whom. */
export async function readExperimentCourse(client: ClickHouseClient, experiment: Experiment, options: DetailOptions): Promise<ExperimentCourse> {
  const [start, exposure] = await Promise.all([cumulativeSpend(client, experiment, 'start', experiment.untilMs), cumulativeSpend(client, experiment, 'exposure', experiment.untilMs)]);
  const rows = await segmentSums(client, experiment, mostSegments);
  const segments = compareSegments(rows.map(({ segment, arm, n, sum, sumSquares }) => ({ segment, arm, sample: sampleOf({ n, sum, sumSquares }) })), options.alpha);
  const series = liftSeries(start, exposure, { alpha: options.alpha, tightestAt: options.tightestAtClientDays, horizonDays: options.horizonDays });
  return { series, segments, segmentComparisons: segments.filter(({ p }) => p !== undefined).length };
}

type Sums = ArmMetricSums & SeveralArms;

/** In the order of the table: metric by metric, the holdout first. */
function metricsOf(sums: readonly Sums[]): ArmMetric[] {
  const inOrder = armOrder.flatMap((arm) => sums.filter((row) => row.arm === arm));
  return (Object.keys(sampleOfMetric) as (keyof typeof sampleOfMetric)[]).flatMap((metric) => inOrder.map((row) => ({ metric, arm: row.arm, sample: sampleOfMetric[metric](row) })));
}

const known = (sample: Sample): Estimate<Sample> => ({ known: true, ...sample });

const sampleOfMetric: Readonly<Record<ArmMetric['metric'], (row: ArmMetricSums) => Estimate<Sample>>> = {
  'spend': (row) => known(sampleOf({ n: row.n, sum: row.net, sumSquares: row.netSquared })),
  'spend-capped': (row) => known(sampleOf({ n: row.n, sum: row.capped, sumSquares: row.cappedSquared })),
  'frequency': (row) => known(sampleOf({ n: row.n, sum: row.purchases, sumSquares: row.purchasesSquared })),
  'average-check': (row) => ratioSample({ n: row.n, sumY: row.spend, sumYY: row.spendSquared, sumX: row.purchases, sumXX: row.purchasesSquared, sumXY: row.spendTimesPurchases }),
  'margin': (row) => known(sampleOf({ n: row.n, sum: row.margin, sumSquares: row.marginSquared })),
  'active-weeks': (row) => known(sampleOf({ n: row.n, sum: row.activeWeeks, sumSquares: row.activeWeeksSquared })),
  'opt-outs': (row) => known(sampleOfProportion({ n: row.n, successes: row.optedOut })),
};

function healthOf(experiment: Experiment, sums: readonly Sums[], traffic: readonly DailyAssignments[], { alpha, horizonDays }: DetailOptions, days: number): ExperimentHealth {
  const clients = sums.reduce((total, row) => total + row.n, 0);
  const inSeveralArms = sums.reduce((total, row) => total + row.inSeveralArms, 0);
  const several = multipleExposures(clients + inSeveralArms, inSeveralArms);
  const sequentialP = sequentialSplitP(experiment, traffic);
  return {
    ...(experiment.split.p !== undefined && { splitP: experiment.split.p }), ...(sequentialP !== undefined && { splitSequentialP: sequentialP }),
    splitBroken: experiment.split.state === 'broken' || (sequentialP ?? 1) < 0.001,
    inSeveralArms, severalArmsTooMany: several.known && several.tooMany, horizonDays, daysSoFar: days,
    ...detectable(sums, alpha, days, horizonDays),
  };
}

/** Over the cumulative counts at the end of each day; undefined where the split that was asked for is not known. */
function sequentialSplitP(experiment: Experiment, traffic: readonly DailyAssignments[]): number | undefined {
  if (experiment.experimentId !== alwaysOnExperiment.experimentId || experiment.epoch !== alwaysOnExperiment.epoch) return undefined;
  const asked = armOrder.filter((arm) => alwaysOnExperiment.weights[arm] > 0);
  const counts = new Map<ArmPolicy, number>();
  const looks = [...new Set(traffic.map(({ dayMs: day }) => day))].map((day) => {
    for (const row of traffic.filter((entry) => entry.dayMs === day)) counts.set(row.arm, (counts.get(row.arm) ?? 0) + row.clients);
    return asked.map((arm) => counts.get(arm) ?? 0);
  });
  const check = sequentialRatioMismatch(looks, asked.map((arm) => alwaysOnExperiment.weights[arm]));
  return check.known ? check.p : undefined;
}

/** What is left to find: today's spread grown to the horizon as if each day added its own (which a lasting difference between clients makes too small). */
function detectable(sums: readonly Sums[], alpha: number, days: number, horizonDays: number): Pick<ExperimentHealth, 'detectableMinor' | 'detectableShare'> {
  const [holdout, model] = ['holdout', 'model'].map((arm) => sums.find((row) => row.arm === arm));
  if (!holdout || !model || !(days > 0)) return {};
  const [control, treated] = [holdout, model].map((row) => sampleOf({ n: row.n, sum: row.net, sumSquares: row.netSquared })) as [Sample, Sample];
  const grown = Math.max(1, horizonDays / days);
  const effect = minimumDetectableEffect({ standardDeviation: Math.sqrt(control.variance * grown), treatedStandardDeviation: Math.sqrt(treated.variance * grown), controlClients: control.n, treatedClients: treated.n, alpha });
  if (!effect.known) return {};
  return { detectableMinor: effect.effect, ...(control.mean > 0 && { detectableShare: effect.effect / (control.mean * grown) }) };
}

/** What somebody should do now; nothing stronger than the verdicts of the overview allow. */
export function nextStepOf(experiment: Experiment, health: Pick<ExperimentHealth, 'splitBroken' | 'severalArmsTooMany' | 'daysSoFar' | 'horizonDays'>): NextStep {
  if (health.splitBroken || health.severalArmsTooMany) return 'mend-split';
  const verdict = experiment.arms.find(({ arm }) => arm === 'model')?.verdict;
  if (verdict === 'higher') return 'decide-higher';
  if (verdict === 'lower') return 'decide-lower';
  return health.daysSoFar >= health.horizonDays ? 'horizon-reached' : 'wait';
}

import type { ClickHouseClient } from '@sp/clickhouse';
import type { ExperimentDetail, ExperimentHealth } from '@sp/contracts';
import { compareSegments, detectableEffectBySimulation, liftSeries, sampleOf } from '@sp/experiments';
import { cumulativeSpend } from './cumulative-spend.query';
import { grownSpend } from './experiment-health';
import { segmentSums } from './experiment-health.query';
import type { CountedExperiment, ExperimentOptions } from './experiments';

/** What needs each client's days, or a simulation: slower, and asked less often. */
export type ExperimentCourse = Pick<ExperimentDetail, 'series' | 'segments' | 'segmentComparisons'> & Pick<ExperimentHealth, 'findable'>;

const mostSegments = 12;

/** How the differences came to be, for whom, and what could be found by the horizon. */
export async function readExperimentCourse(client: ClickHouseClient, counted: CountedExperiment, { alpha, tightestAtClientDays }: ExperimentOptions): Promise<ExperimentCourse> {
  const { experiment, plan, health } = counted;
  const [start, exposure] = await Promise.all([cumulativeSpend(client, plan, 'start', experiment.untilMs), cumulativeSpend(client, plan, 'exposure', experiment.untilMs)]);
  const rows = await segmentSums(client, { ...plan, untilMs: experiment.untilMs }, mostSegments);
  const compared = { alpha, control: plan.control };
  const segments = compareSegments(rows.map(({ segment, arm, n, sum, sumSquares }) => ({ segment, arm, sample: sampleOf({ n, sum, sumSquares }) })), compared);
  const splitBroken = health.splitBroken || health.severalArmsTooMany || health.biasedBefore;
  const series = liftSeries(start, exposure, { ...compared, tightestAt: tightestAtClientDays, horizonDays: health.horizonDays, splitBroken });
  return { series, segments, segmentComparisons: segments.filter(({ p }) => p !== undefined).length, ...findable(counted, alpha) };
}

/** Clients are there from the first day on and go on spending, so the information of a day is that of so many new clients (see `detection-time`). */
function findable({ plan, sums, health: { daysSoFar: days, horizonDays } }: CountedExperiment, alpha: number): Pick<ExperimentHealth, 'findable'> {
  const pair = grownSpend(plan, sums, { days, horizonDays });
  if (!pair) return {};
  const [control, treated] = pair;
  const clients = 2 / (1 / control.n + 1 / treated.n);
  const standardDeviation = Math.sqrt((control.variance / control.n + treated.variance / treated.n) * (clients / 2));
  const found = detectableEffectBySimulation({ standardDeviation, clientsPerDayPerArm: clients / horizonDays, horizonDays, alpha, experiments: 1_000 });
  if (!found.known) return {};
  const { effect, medianDays, daysToPower } = found;
  return { findable: { minor: effect, ...(control.mean > 0 && { share: effect / control.mean }), ...(medianDays !== undefined && { medianDays }), ...(daysToPower !== undefined && { daysToPower }) } };
}

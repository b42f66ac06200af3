import { armMetricSums, readRows, type ArmMetricSums, type ClickHouseClient, type SeveralArms } from '@sp/clickhouse';
import type { Experiment, ExperimentDetail, OwnExperiment } from '@sp/contracts';
import { compareArms, compareMetrics, judgeGuardrails, multipleExposures, sampleOf, type ArmMetric } from '@sp/experiments';
import { armOffers, offerSums, type ArmOffers } from './arm-offers.query';
import { biasBefore, healthOf, nextStepOf } from './experiment-health';
import { dailyAssignments, type DailyAssignments } from './experiment-health.query';
import { readPlans, type ExperimentPlan } from './experiment-plans';
import { mainCurrency } from './main-currency.sql';
import { metricsOf } from './metric-samples';
import { newestEventMs } from './newest-event.query';

export interface ExperimentOptions {
  readonly alpha: number;
  readonly tightestAtClientDays: number;
  readonly horizonDays: number;
  readonly marginPercent: number;
}

/** What is counted out of one row a client, every two seconds. */
export type CountedExperiment = Pick<ExperimentDetail, 'experiment' | 'metrics' | 'comparisons' | 'traffic' | 'health' | 'nextStep'> & { readonly plan: ExperimentPlan; readonly sums: readonly Sums[] };

export interface CountedExperiments {
  readonly counted: readonly CountedExperiment[];
  readonly declared: readonly OwnExperiment[];
}

export const dayMs = 86_400_000;
const capQuantile = 0.99;

export type Sums = ArmMetricSums & SeveralArms;

/** What was read of one experiment; all figures are made of it. */
export interface Read {
  readonly plan: ExperimentPlan;
  readonly untilMs: number;
  readonly currency: string;
  readonly sums: readonly Sums[];
  readonly offers: readonly ArmOffers[];
  readonly traffic: readonly DailyAssignments[];
}

/** Every experiment with clients, its arms compared, as far as events have come. */
export async function readExperiments(client: ClickHouseClient, options: ExperimentOptions): Promise<CountedExperiments> {
  const [newestMs, { running, declared }] = await Promise.all([newestEventMs(client), readPlans(client)]);
  if (newestMs === undefined) return { counted: [], declared };
  const [row] = await readRows<{ currency: string }>(client, `SELECT ${mainCurrency} AS currency`);
  const counted: CountedExperiment[] = [];
  for (const plan of running) {
    const untilMs = Math.min(newestMs, plan.stoppedMs ?? newestMs);
    const [sums, offers, traffic] = await Promise.all([armMetricSums(client, plan, { untilMs, marginPercent: options.marginPercent, capQuantile }), armOffers(client, plan), dailyAssignments(client, plan)]);
    counted.push(countedOf({ plan, untilMs, currency: row?.currency ?? '', sums, offers, traffic }, options));
  }
  return { counted, declared };
}

function countedOf(read: Read, options: ExperimentOptions): CountedExperiment {
  const { plan, untilMs, sums, traffic } = read;
  const days = Math.max(0, (untilMs - plan.startedMs) / dayMs);
  const wanted = plan.metrics && [...new Set([...plan.metrics, ...plan.guardrails.map(({ metric }) => metric)])];
  const samples = metricsOf(sums, wanted);
  const clientDaysOf = (arm: string): number => sums.find((row) => row.arm === arm)?.clientDays ?? 0;
  const compared = { alpha: options.alpha, tightestAt: options.tightestAtClientDays, control: plan.control, observations: (arm: string) => clientDaysOf(plan.control) + clientDaysOf(arm) };
  const experiment = experimentOf(read, samples, options);
  const metrics = compareMetrics(samples, compared);
  const health = { ...healthOf({ read, experiment, days }, options), guardrails: judgeGuardrails(plan.guardrails, samples, compared) };
  return { plan, sums, experiment, metrics, comparisons: metrics.filter(({ p }) => p !== undefined).length, traffic, health, nextStep: nextStepOf(experiment, health) };
}

function experimentOf({ plan, untilMs, currency, sums, offers, traffic }: Read, samples: readonly ArmMetric[], { alpha, tightestAtClientDays }: ExperimentOptions): Experiment {
  const arms = sums.map((row) => ({
    arm: row.arm, spend: sampleOf({ n: row.n, sum: row.net, sumSquares: row.netSquared }), clientDays: row.clientDays, isGhost: plan.ghosts.includes(row.arm), ...offerSums(offers.find(({ arm }) => arm === row.arm)),
  }));
  const [deciding = 'spend'] = plan.metrics ?? [];
  const compared = compareArms(arms, {
    alpha, tightestAtClientDays, control: plan.control, biased: biasOf(plan, sums),
    ...(plan.weights && { weights: plan.weights, looks: looksOf(plan.weights, traffic) }),
    ...(deciding !== 'spend' && { deciding: (arm: string) => samples.find((row) => row.metric === deciding && row.arm === arm)?.sample ?? ({ known: false, reason: 'too-few-observations' } as const) }),
  });
  const { experimentId, epoch, control, startedMs, own } = plan;
  return { experimentId, epoch, control, deciding, currency, startedMs, untilMs, alpha, ...(own && { own }), ...compared };
}

function biasOf(plan: ExperimentPlan, sums: readonly Sums[]): boolean {
  const inSeveral = sums.reduce((total, row) => total + row.inSeveralArms, 0);
  const several = multipleExposures(sums.reduce((total, row) => total + row.n, inSeveral), inSeveral);
  return (several.known && several.tooMany) || (biasBefore(plan.control, sums)?.biased ?? false);
}

/** Cumulative counts at the end of each day, in the order of the weights. */
function looksOf(weights: Readonly<Record<string, number>>, traffic: readonly DailyAssignments[]): number[][] {
  const asked = Object.keys(weights).filter((arm) => weights[arm]! > 0);
  const counts = new Map<string, number>();
  return [...new Set(traffic.map(({ dayMs: day }) => day))].map((day) => {
    for (const row of traffic.filter((entry) => entry.dayMs === day)) counts.set(row.arm, (counts.get(row.arm) ?? 0) + row.clients);
    return asked.map((arm) => counts.get(arm) ?? 0);
  });
}

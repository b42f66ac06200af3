import type { Experiment, ExperimentHealth, NextStep } from '@sp/contracts';
import { minimumDetectableEffect, multipleExposures, preExposureBias, sampleOf, type Sample } from '@sp/experiments';
import type { ExperimentPlan } from './experiment-plans';
import type { ExperimentOptions, Read, Sums } from './experiments';
import { adjustedSpend, sampleBefore } from './metric-samples';

/** May the figures be believed, how far is the plan, and what could still be found? */
export function healthOf({ read: { plan, sums }, experiment, days }: { readonly read: Read; readonly experiment: Experiment; readonly days: number }, options: ExperimentOptions): Omit<ExperimentHealth, 'guardrails'> {
  const clients = sums.reduce((total, row) => total + row.n, 0);
  const inSeveralArms = sums.reduce((total, row) => total + row.inSeveralArms, 0);
  const several = multipleExposures(clients + inSeveralArms, inSeveralArms);
  const bias = biasBefore(plan.control, sums);
  const adjusted = adjustedSpend(sums);
  const { p, sequentialP, state } = experiment.split;
  const horizonDays = plan.horizonDays ?? options.horizonDays;
  return {
    ...(p !== undefined && { splitP: p }), ...(sequentialP !== undefined && { splitSequentialP: sequentialP }), splitBroken: state === 'broken',
    inSeveralArms, severalArmsTooMany: several.known && several.tooMany, ...(bias && { biasBeforeP: bias.p }), biasedBefore: bias?.biased ?? false,
    ...(adjusted && { varianceReduction: adjusted.varianceReduction }), horizonDays, daysSoFar: days, ...detectable(plan, sums, { alpha: options.alpha, days, horizonDays }),
  };
}

/** Did some arm differ from the control before the experiment? Undefined where nothing is older than it. */
export function biasBefore(control: string, sums: readonly Sums[]): { readonly p: number; readonly biased: boolean } | undefined {
  const base = sums.find(({ arm }) => arm === control);
  const checks = base ? sums.flatMap((row) => (row === base ? [] : [preExposureBias(sampleBefore(base), sampleBefore(row))])) : [];
  const known = checks.flatMap((check) => (check.known ? [check] : []));
  return known.length === 0 ? undefined : { p: Math.min(...known.map(({ p }) => p)), biased: known.some(({ biased }) => biased) };
}

/** The arm that is asked about first: the model's, or the first one that is compared. */
export function leadArm({ own, arms, control }: Pick<ExperimentPlan, 'own' | 'arms' | 'control'>): string | undefined {
  return own === undefined && arms.includes('model') ? 'model' : arms.find((arm) => arm !== control);
}

/** Spend of the control and of the lead arm, its spread grown to the horizon as if each day added its own (which a lasting difference between clients makes too small). */
export function grownSpend(plan: ExperimentPlan, sums: readonly Sums[], { days, horizonDays }: { readonly days: number; readonly horizonDays: number }): readonly [Sample, Sample] | undefined {
  const [control, lead] = [plan.control, leadArm(plan)].map((name) => sums.find(({ arm }) => arm === name));
  if (!control || !lead || !(days > 0)) return undefined;
  const grown = Math.max(1, horizonDays / days);
  const [first, second] = [control, lead].map((row) => sampleOf({ n: row.n, sum: row.net, sumSquares: row.netSquared })).map(({ n, mean, variance }) => ({ n, mean: mean * grown, variance: variance * grown }));
  return [first!, second!];
}

function detectable(plan: ExperimentPlan, sums: readonly Sums[], { alpha, ...span }: { readonly alpha: number; readonly days: number; readonly horizonDays: number }): Pick<ExperimentHealth, 'detectableMinor' | 'detectableShare'> {
  const pair = grownSpend(plan, sums, span);
  if (!pair) return {};
  const [control, treated] = pair;
  const effect = minimumDetectableEffect({ standardDeviation: Math.sqrt(control.variance), treatedStandardDeviation: Math.sqrt(treated.variance), controlClients: control.n, treatedClients: treated.n, alpha });
  if (!effect.known) return {};
  return { detectableMinor: effect.effect, ...(control.mean > 0 && { detectableShare: effect.effect / control.mean }) };
}

type Judged = Pick<ExperimentHealth, 'splitBroken' | 'severalArmsTooMany' | 'biasedBefore' | 'daysSoFar' | 'horizonDays' | 'guardrails'>;

/** What somebody should do now; nothing stronger than the verdicts of the overview allow. */
export function nextStepOf(experiment: Experiment, health: Judged): NextStep {
  if (experiment.own?.state === 'stopped') return 'stopped';
  if (health.splitBroken || health.severalArmsTooMany || health.biasedBefore) return 'mend-split';
  if (health.guardrails.some(({ state }) => state === 'broken')) return 'stop-guardrail';
  const judged = experiment.arms.filter(({ arm }) => experiment.own !== undefined || arm === 'model').map(({ verdict }) => verdict);
  if (judged.includes('higher')) return 'decide-higher';
  if (judged.includes('lower')) return 'decide-lower';
  return health.daysSoFar >= health.horizonDays ? 'horizon-reached' : 'wait';
}

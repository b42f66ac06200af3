import { readRows, type ClickHouseClient, type EpochOf } from '@sp/clickhouse';
import type { ExperimentMetricName, OwnExperiment } from '@sp/contracts';
import type { Guardrail } from '@sp/experiments';
import { alwaysOnExperiment, arms as builtInArms, experiments } from '@sp/offers';

/** What is to be counted of one epoch, whoever declared it. */
export interface ExperimentPlan extends EpochOf {
  readonly control: string;
  /** Arms that make ghosts instead of offers. */
  readonly ghosts: readonly string[];
  /** The split that was asked for, where it is known. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Event time of its end. */
  readonly stoppedMs?: number;
  /** Of the bank's own; of the built-in ones all metrics are shown, and spend decides. */
  readonly own?: OwnExperiment;
  readonly metrics?: readonly ExperimentMetricName[];
  readonly guardrails: readonly Guardrail[];
  readonly horizonDays?: number;
}

export interface ExperimentPlans {
  readonly running: readonly ExperimentPlan[];
  readonly declared: readonly OwnExperiment[];
}

/** The newest epoch of each experiment that has clients, the built-in ones first; and what is declared and not yet started. */
export async function readPlans(client: ClickHouseClient): Promise<ExperimentPlans> {
  const [assigned, words] = await Promise.all([readRows<Assigned>(client, assignedQuery), readRows<Words>(client, wordsQuery)]);
  const known = words.map(({ document, ...word }) => ({ ...word, own: JSON.parse(document) as OwnExperiment }));
  const running = assigned.flatMap(({ experimentId, epoch, startedMs }): ExperimentPlan[] => {
    const word = known.find((each) => each.experimentId === experimentId && each.epoch === epoch);
    if (word) return [ownPlan(word, startedMs)];
    return builtIn.has(experimentId) ? [builtInPlan({ experimentId, epoch, startedMs })] : [];
  });
  return { running: running.sort((a, b) => Number(a.own !== undefined) - Number(b.own !== undefined) || a.experimentId.localeCompare(b.experimentId)), declared: newest(known).filter(({ state }) => state === 'declared') };
}

interface Assigned {
  readonly experimentId: string;
  readonly epoch: number;
  readonly startedMs: number;
}

interface Words {
  readonly experimentId: string;
  readonly epoch: number;
  readonly document: string;
  readonly stoppedMs: number;
}

/** The first assignment is the start that counts: nobody was in it before. */
const assignedQuery = `
SELECT experiment_id AS experimentId, epoch, toUnixTimestamp64Milli(min(time)) AS startedMs FROM assignments
WHERE (experiment_id, epoch) IN (SELECT experiment_id, max(epoch) FROM assignments GROUP BY experiment_id)
GROUP BY experiment_id, epoch ORDER BY experiment_id`;

/** One partition's log says it all, in order. */
const wordsQuery = `
SELECT experiment_id AS experimentId, epoch, argMax(document, (line_position, ordinal)) AS document, toUnixTimestamp64Milli(maxIf(time, state = 'stopped')) AS stoppedMs
FROM experiment_words WHERE partition = 0 GROUP BY experiment_id, epoch`;

const builtIn = new Set(Object.keys(experiments));

function builtInPlan({ experimentId, epoch, startedMs }: Assigned): ExperimentPlan {
  const isStandard = experimentId === alwaysOnExperiment.experimentId && epoch === alwaysOnExperiment.epoch;
  return { experimentId, epoch, startedMs, arms: builtInArms, counted: epoch === 1 ? 'totals' : 'days', control: 'holdout', ghosts: ['holdout'], guardrails: [{ metric: 'opt-outs', tolerance: 0 }], ...(isStandard && { weights: alwaysOnExperiment.weights }) };
}

function ownPlan({ own, stoppedMs }: { readonly own: OwnExperiment; readonly stoppedMs: number }, startedMs: number): ExperimentPlan {
  const { experimentId, epoch, arms, control, metrics, guardrails, horizonDays } = own;
  const ghosts = arms.filter(({ policy }) => policy === 'holdout').map(({ arm }) => arm);
  const weights = Object.fromEntries(arms.map(({ arm, weight }) => [arm, weight]));
  return { experimentId, epoch, startedMs, arms: arms.map(({ arm }) => arm), counted: 'days', control, ghosts, weights, own, metrics, guardrails, horizonDays, ...(own.state === 'stopped' && { stoppedMs }) };
}

function newest(known: readonly { readonly own: OwnExperiment }[]): OwnExperiment[] {
  const byId = new Map<string, OwnExperiment>();
  for (const { own } of known) if ((byId.get(own.experimentId)?.epoch ?? 0) < own.epoch) byId.set(own.experimentId, own);
  return [...byId.values()];
}

import { uniform, type ArmPolicy } from '@sp/contracts';

/** A changed split is a new epoch with a new salt; inside an epoch a client never changes his arm. */
export interface ExperimentPolicy {
  readonly experimentId: string;
  readonly epoch: number;
  readonly salt: string;
  /** Shares of the clients; they need not sum to 1. */
  readonly weights: ArmWeights;
  /** The client's arm by its name, in an experiment of the bank's own; `weights` is then the policy of that arm alone. */
  readonly armName?: string;
}

export type ArmWeights = Readonly<Record<ArmPolicy, number>>;

/** In the order of the draw: to change it is to change the epoch. */
export const arms = ['holdout', 'random', 'rules', 'model'] as const satisfies readonly ArmPolicy[];

/** A fifth is held out, as large as the arms that it is compared with need; random learns, rules is what banks do without a model. */
export const alwaysOnExperiment: ExperimentPolicy = {
  experimentId: 'always-on',
  epoch: 1,
  salt: 'always-on-1',
  weights: { holdout: 0.2, random: 0.15, rules: 0.15, model: 0.5 },
};

/** Nobody is held out and nobody is compared: for a line that only collects examples to learn from. */
export const allRandomExperiment: ExperimentPolicy = { experimentId: 'all-random', epoch: 1, salt: 'all-random-1', weights: { holdout: 0, random: 1, rules: 0, model: 0 } };

export const experiments = { 'always-on': alwaysOnExperiment, 'all-random': allRandomExperiment } as const;
export type ExperimentName = keyof typeof experiments;

/** The experiment that a decision cites; undefined where it is none of these, so that its split is not known. */
export function citedExperiment({ experimentId, epoch, salt }: Pick<ExperimentPolicy, 'experimentId' | 'epoch' | 'salt'>): ExperimentPolicy | undefined {
  return Object.values(experiments).find((known) => known.experimentId === experimentId && known.epoch === epoch && known.salt === salt);
}

/** All clients have this policy. */
export function onePolicy(policy: ArmPolicy): ArmWeights {
  return { holdout: 0, random: 0, rules: 0, model: 0, [policy]: 1 };
}

export function assignArm(clientId: string, { salt, weights }: Pick<ExperimentPolicy, 'salt' | 'weights'>): ArmPolicy {
  const populated = arms.filter((arm) => weights[arm] > 0);
  let left = uniform(clientId, salt) * populated.reduce((sum, arm) => sum + weights[arm], 0);
  for (const arm of populated) {
    left -= weights[arm];
    if (left < 0) return arm;
  }
  const last = populated.at(-1);
  if (!last) throw new RangeError('an experiment needs an arm of positive weight');
  return last;
}

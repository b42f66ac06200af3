import { uniform, type ArmPolicy, type DecisionPolicy, type ExperimentDeclaration, type OwnExperiment } from '@sp/contracts';
import { onePolicy, type ExperimentPolicy } from './experiment';

/** What decides for a client who is in an experiment of the bank's own. */
export interface Steering {
  readonly experiment: ExperimentPolicy & { readonly armName: string };
  readonly explorationShare?: number;
}

/**
 * The experiments that run, and whom they steer. Those within one always-on arm share its clients: each has a stretch of [0, 1), and a client
 * whose hash falls into it takes part (Tang et al. 2010, "Overlapping Experiment Infrastructure"); inside, a hash with the epoch's own salt
 * names his arm. So nobody is in two, and who was in one arm before is spread evenly over the arms of the next.
 */
export class OwnExperiments {
  readonly #running = new Map<string, OwnExperiment>();

  /** The newest word on an experiment. */
  apply(experiment: OwnExperiment): void {
    if (experiment.state === 'running') this.#running.set(experiment.experimentId, experiment);
    else this.#running.delete(experiment.experimentId);
  }

  steering(clientId: string, alwaysOnArm: ArmPolicy): Steering | undefined {
    if (this.#running.size === 0) return undefined;
    const place = uniform(clientId, `layer:${alwaysOnArm}`);
    for (const experiment of this.#running.values()) if (experiment.within === alwaysOnArm && holds(experiment, place)) return steeringBy(experiment, clientId);
    return undefined;
  }
}

/** The policy as it is for a client of that arm. */
export function policyUnder(policy: DecisionPolicy, { explorationShare: share }: Pick<Steering, 'explorationShare'>): DecisionPolicy {
  return share === undefined ? policy : { ...policy, exploration: { ...policy.exploration, share, newcomerShare: share } };
}

export type Word = OwnExperiment | { readonly message: string };

/** A new plan, or a changed one; where it has been started before, the next epoch. */
export function declareExperiment(before: OwnExperiment | undefined, declaration: ExperimentDeclaration, by: string): Word {
  if (before?.state === 'running') return { message: `"${before.experimentId}" runs: stop it, then declare it anew` };
  const epoch = before === undefined ? 1 : before.state === 'stopped' ? before.epoch + 1 : before.epoch;
  return { ...declaration, epoch, salt: `${declaration.experimentId}-${epoch}`, state: 'declared', declaredBy: by, reason: declaration.hypothesis };
}

export interface Order {
  readonly by: string;
  readonly reason: string;
}

/** Runs from this word on, in the first free stretch of its layer. `secondPerson`: whoever declared it may not start it. */
export function startExperiment(all: readonly OwnExperiment[], experimentId: string, { by, reason }: Order, { secondPerson }: { readonly secondPerson: boolean }): Word {
  const declared = all.find((each) => each.experimentId === experimentId);
  if (!declared) return { message: `no experiment "${experimentId}" is declared` };
  if (declared.state !== 'declared') return { message: `"${experimentId}" is ${declared.state}: only a declared one can be started` };
  if (secondPerson && by === declared.declaredBy) return { message: `${by} has declared it: a second person starts it` };
  const from = freeStretch(all.filter(({ state, within }) => state === 'running' && within === declared.within), declared.share);
  if (from === undefined) return { message: `the clients of the ${declared.within} arm are taken: running experiments leave less than ${declared.share} of them` };
  return { ...declared, state: 'running', from, startedBy: by, reason };
}

export function stopExperiment(before: OwnExperiment | undefined, { by, reason }: Order): Word {
  return before?.state === 'running' ? { ...before, state: 'stopped', stoppedBy: by, reason } : { message: 'it does not run' };
}

/** Shares are decimal fractions: their sums are off by as much. */
const rounding = 1e-9;

/** The beginning of the first gap that is wide enough. */
function freeStretch(running: readonly OwnExperiment[], share: number): number | undefined {
  let from = 0;
  for (const taken of [...running].sort((a, b) => (a.from ?? 0) - (b.from ?? 0))) {
    if ((taken.from ?? 0) - from >= share - rounding) return from;
    from = Math.max(from, (taken.from ?? 0) + taken.share);
  }
  return 1 - from >= share - rounding ? from : undefined;
}

function holds({ from = 0, share }: OwnExperiment, place: number): boolean {
  return place >= from && place < from + share;
}

function steeringBy({ experimentId, epoch, salt, arms }: OwnExperiment, clientId: string): Steering {
  let left = uniform(clientId, salt) * arms.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = arms.find(({ weight }) => (left -= weight) < 0) ?? arms.at(-1)!;
  const experiment = { experimentId, epoch, salt, weights: onePolicy(drawn.policy), armName: drawn.arm };
  return { experiment, ...(drawn.explorationShare !== undefined && { explorationShare: drawn.explorationShare }) };
}

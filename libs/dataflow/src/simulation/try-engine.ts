import { faultKinds, type FaultKind } from './fault-plan';
import { nastyScenario } from './nasty-flows';
import { FailedSchedule, simulate, type Account, type Scenario } from './simulate';

export interface TryOptions {
  readonly schedules: number;
  /** The first schedule's seed; the next ones count on from it. */
  readonly seed: number;
  readonly scenario?: Scenario;
  readonly onSchedule?: (done: number) => void;
}

export interface Tried extends Account {
  readonly schedules: number;
  /** Where an invariant broke; nothing is tried after it. */
  readonly failed?: FailedSchedule;
}

/** Many schedules, one after the other, until all held or one did not; the engine's own scenario unless another is given. */
export async function trySchedules({ schedules, seed, scenario = nastyScenario, onSchedule }: TryOptions): Promise<Tried> {
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const sum = { steps: 0, frames: 0, starts: 0 };
  for (let done = 0; done < schedules; done++) {
    try {
      const account = await simulate(scenario, seed + done);
      for (const kind of faultKinds) faults[kind] += account.faults[kind];
      for (const name of ['steps', 'frames', 'starts'] as const) sum[name] += account[name];
    } catch (error) {
      if (!(error instanceof FailedSchedule)) throw error;
      return { ...sum, faults, schedules: done + 1, failed: error };
    }
    onSchedule?.(done + 1);
  }
  return { ...sum, faults, schedules };
}

/** The same seed with ever fewer faults, as long as an invariant still breaks: halves first, single ones last. */
export async function shrink(failed: FailedSchedule, scenario: Scenario = nastyScenario, maximumTries = 200): Promise<FailedSchedule> {
  let best = failed;
  let tries = 0;
  for (let size = Math.ceil(best.plan.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let first = 0; first < best.plan.length && tries < maximumTries; tries++) {
      const fewer = await failureOf(scenario, best.seed, best.plan.toSpliced(first, size));
      if (fewer) best = fewer;
      else first += size;
    }
  }
  return best;
}

async function failureOf(scenario: Scenario, seed: number, plan: FailedSchedule['plan']): Promise<FailedSchedule | undefined> {
  try {
    await simulate(scenario, seed, plan);
    return undefined;
  } catch (error) {
    if (error instanceof FailedSchedule) return error;
    throw error;
  }
}

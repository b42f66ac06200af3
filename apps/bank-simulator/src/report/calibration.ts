import type { Experiments } from '@sp/contracts';
import type { Ledger } from '../world/ledger';
import { figuresByArm } from './arm-figures';
import type { Estimate } from './estimates';

/** The system's own figure of each arm beside the truth: is the reported lift the true lift? */
export interface Calibration {
  readonly experimentId: string;
  /** Probability that any reported lift is ever outside its interval. */
  readonly alpha: number;
  readonly arms: readonly ArmCalibration[];
}

export interface ArmCalibration {
  readonly arm: string;
  readonly reportedClients: number;
  readonly trueClients: number;
  /** Of spend less discounts, against the holdout. */
  readonly reportedLift?: Estimate;
  readonly verdict?: string;
  /** The same clients with and without offers: what the reported lift tries to find. */
  readonly trueLift?: Estimate;
  /** What a holdout of these very clients shows of it when every payment is seen. */
  readonly liftAgainstHoldout?: Estimate;
  readonly reportedHoldsTruth?: boolean;
}

/** Of the first experiment that runs: the always-on one. */
export function calibrationOf(reported: Experiments, ledger: Ledger, members: ReadonlyMap<string, readonly number[]>): Calibration | undefined {
  const experiment = reported.experiments[0];
  if (!experiment) return undefined;
  const truth = new Map(figuresByArm(ledger, members).map((figures) => [figures.arm, figures]));
  const arms = experiment.arms.map(({ arm, clients, lift, verdict }): ArmCalibration => {
    const known = truth.get(arm);
    const trueLift = known?.trueEffect.netSpend;
    const reportedLift = lift?.known ? { value: lift.value, low: lift.low, high: lift.high } : undefined;
    return {
      arm, reportedClients: clients, trueClients: known?.clients ?? 0,
      ...(reportedLift && { reportedLift }),
      ...(verdict && { verdict }),
      ...(trueLift && { trueLift }),
      ...(known?.againstHoldout?.netSpend && { liftAgainstHoldout: known.againstHoldout.netSpend }),
      ...(reportedLift && trueLift && { reportedHoldsTruth: reportedLift.low <= trueLift.value && trueLift.value <= reportedLift.high }),
    };
  });
  return { experimentId: experiment.experimentId, alpha: experiment.alpha, arms };
}

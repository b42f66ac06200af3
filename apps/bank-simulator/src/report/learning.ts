import type { AutomaticChange } from '@sp/contracts';
import { weekMs, type Ledger } from '../world/ledger';
import type { OracleSums, Truth } from '../world/truth';
import { figuresByArm, type Lifts } from './arm-figures';
import { ratioOfSums, type Estimate } from './estimates';

/** A model as the line's own doors tell of it; the metrics are offline ones, of the offers that it was judged on. */
export interface ModelInForce {
  readonly version: string;
  /** Start of the simulated day at which it was first seen in force. */
  readonly sinceMs: number;
  readonly rows: number;
  readonly crossValidationAuc?: number;
  readonly laterAuc?: number;
}

export interface TrainingTold {
  readonly by: string;
  readonly startedAt: string;
  readonly examples: number;
  readonly outcome: 'promoted' | 'held back' | 'failed';
  readonly version?: string;
  readonly message?: string;
  readonly gates?: readonly { readonly name: string; readonly passed: boolean; readonly text: string }[];
  /** Start of the simulated day at which it had ended. */
  readonly seenMs?: number;
}

/** One model version in force, with what was true in the whole weeks whose middle fell into its time. */
export interface LearningStep extends ModelInForce {
  readonly untilMs: number;
  readonly weeks: readonly number[];
  /** Of the model arm in these weeks, against other clients, and against the same ones without offers. */
  readonly againstHoldout?: Lifts;
  readonly trueEffect?: Lifts;
  /** What its offers were worth as a share of the best possible ones at the same moments. */
  readonly shareOfOracle?: Estimate;
}

export interface Learning {
  readonly steps: readonly LearningStep[];
  readonly trainings: readonly TrainingTold[];
  /** What the line has changed by itself. */
  readonly changes: readonly AutomaticChange[];
}

export interface LearningParts {
  readonly models: readonly ModelInForce[];
  readonly trainings: readonly TrainingTold[];
  readonly changes: readonly AutomaticChange[];
  readonly ledger: Ledger;
  readonly truth: Truth;
  readonly members: ReadonlyMap<string, readonly number[]>;
  readonly startMs: number;
  readonly untilMs: number;
}

const learningArm = 'model';

export function learningOf({ models, trainings, changes, ledger, truth, members, startMs, untilMs }: LearningParts): Learning {
  const wholeWeeks = Array.from({ length: Math.floor((untilMs - startMs) / weekMs) }, (_, week) => week);
  const steps = models.map((model, place): LearningStep => {
    const endMs = models[place + 1]?.sinceMs ?? untilMs;
    const weeks = wholeWeeks.filter((week) => startMs + (week + 0.5) * weekMs >= model.sinceMs && startMs + (week + 0.5) * weekMs < endMs);
    const figures = weeks.length === 0 ? undefined : figuresByArm(ledger, members, weeks).find(({ arm }) => arm === learningArm);
    const shareOfOracle = shareOfOracleIn(truth, learningArm, weeks);
    return {
      ...model, untilMs: endMs, weeks: weeks.map((week) => week + 1),
      ...(figures && { trueEffect: figures.trueEffect }), ...(figures?.againstHoldout && { againstHoldout: figures.againstHoldout }), ...(shareOfOracle && { shareOfOracle }),
    };
  });
  return { steps, trainings, changes };
}

/** Over these weeks since the world's start; undefined where too few offers were compared. */
export function shareOfOracleIn({ oracle }: Truth, arm: string, weeks: readonly number[]): Estimate | undefined {
  const total: OracleSums = { offers: 0, made: 0, best: 0, madeMade: 0, bestBest: 0, madeBest: 0 };
  for (const week of weeks) {
    const sums = oracle[arm]?.[week];
    if (sums) for (const name of Object.keys(total) as (keyof OracleSums)[]) total[name] += sums[name];
  }
  return ratioOfSums(total);
}

import type { Experiment, ExperimentArm, Figure } from '@sp/contracts';
import { clusteredRate, type ClusterSums } from './clustered-rate';
import { anytimeMultiplier, asymptoticConfidenceSequence, differenceSequence, type SequenceOptions } from './confidence-sequence';
import type { Estimate, Interval, Sample } from './estimate';
import { relativeLift, type Lift } from './relative-lift';
import { sampleRatioMismatch } from './sample-ratio-mismatch';
import { sequentialRatioMismatch } from './sequential-ratio-mismatch';
import { verdictOf } from './verdict';

/** What is counted of one arm; everything is per client, by assignment, whether he got an offer or not. */
export interface ArmSums {
  readonly arm: string;
  /** Spend since assignment less discounts, one observation a client, in minor units. */
  readonly spend: Sample;
  /** Days since assignment, summed over the clients. */
  readonly clientDays: number;
  readonly accepted: ClusterSums;
  readonly redeemed: ClusterSums;
  /** Its offers are never delivered, so nothing can be accepted. */
  readonly isGhost?: boolean;
}

export interface ComparisonOptions {
  /** Probability that any of the comparisons is ever wrong. */
  readonly alpha: number;
  /** Client-days at which the intervals shall be tightest; chosen before looking. */
  readonly tightestAtClientDays: number;
  /** The arm that the others are compared with. */
  readonly control: string;
  /** The split that was asked for, where it is known. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Cumulative clients at the end of each day, an arm of `weights` after another: for the test of the split that holds over all days. */
  readonly looks?: readonly (readonly number[])[];
  /** Are the arms not to be compared for another reason: too many clients in several, or unlike before anybody was exposed? */
  readonly biased?: boolean;
  /** The metric that decides, of each arm; where it is not given, spend does, by its lift. */
  readonly deciding?: (arm: string) => Estimate<Sample>;
}

/** Of a rate at one look; the lifts below it are the ones that hold at every look. */
const rateConfidence = 0.95;

/** The arms beside each other and against the holdout; alpha is divided among the comparisons (Bonferroni). */
export function compareArms(sums: readonly ArmSums[], options: ComparisonOptions): Pick<Experiment, 'arms' | 'split'> {
  const split = splitOf(sums, options);
  const control = sums.find(({ arm }) => arm === options.control);
  const withheld = split.state === 'broken' || (options.biased ?? false);
  const comparisons = Math.max(1, sums.length - 1);
  const sequence = { alpha: options.alpha / comparisons, tightestAt: options.tightestAtClientDays };
  const arms = sums.map((arm) => {
    const base = describe(arm, { alpha: options.alpha, tightestAt: options.tightestAtClientDays });
    if (arm === control || !control) return base;
    return { ...base, ...against(control, arm, { sequence, withheld, deciding: options.deciding }) };
  });
  return { arms, split };
}

function describe({ arm, spend, clientDays, accepted, redeemed, isGhost }: ArmSums, sequence: SequenceOptions): ExperimentArm {
  const mean = asymptoticConfidenceSequence(spend, { ...sequence, observations: clientDays });
  return {
    arm,
    clients: spend.n,
    exposedClients: accepted.clients,
    offers: accepted.trials,
    ...(isGhost ? {} : { acceptance: rateFigure(accepted) }),
    redemption: rateFigure(redeemed),
    spendPerClientMinor: figure(mean, mean.known ? mean.mean : 0, spend.n),
  };
}

interface Against {
  readonly sequence: SequenceOptions;
  readonly withheld: boolean;
  readonly deciding: ComparisonOptions['deciding'];
}

function against(control: ArmSums, arm: ArmSums, how: Against): Pick<ExperimentArm, 'lift' | 'verdict'> {
  const { sequence, withheld, deciding } = how;
  const observations = control.clientDays + arm.clientDays;
  const multiplier = anytimeMultiplier(observations, sequence);
  const lift: Estimate<Lift> = relativeLift(control.spend, arm.spend, multiplier);
  const clients = Math.min(control.spend.n, arm.spend.n);
  const decided = deciding ? differenceOf(deciding(control.arm), deciding(arm.arm), { ...sequence, observations }) : lift;
  return { lift: figure(lift, lift.known ? lift.lift : 0, clients), verdict: verdictOf({ lift: decided, clients, splitBroken: withheld }) };
}

function differenceOf(control: Estimate<Sample>, treated: Estimate<Sample>, options: SequenceOptions & { readonly observations: number }): Estimate<Interval> {
  if (!control.known) return control;
  return treated.known ? differenceSequence(control, treated, options) : treated;
}

function rateFigure(sums: ClusterSums): Figure {
  const rate = clusteredRate(sums, rateConfidence);
  return figure(rate, rate.known ? rate.rate : 0, sums.trials);
}

function figure(estimate: Estimate<Interval>, value: number, n: number): Figure {
  return estimate.known ? { known: true, value, low: estimate.low, high: estimate.high, n } : { known: false, reason: estimate.reason, n };
}

function splitOf(sums: readonly ArmSums[], { weights, looks = [] }: ComparisonOptions): Experiment['split'] {
  if (!weights) return { state: 'unknown' };
  const asked = Object.entries(weights).filter(([, weight]) => weight > 0);
  const observed = asked.map(([name]) => sums.find(({ arm }) => arm === name)?.spend.n ?? 0);
  const check = sampleRatioMismatch(observed, asked.map(([, weight]) => weight));
  const sequential = sequentialRatioMismatch(looks, asked.map(([, weight]) => weight));
  if (!check.known) return { state: 'unknown' };
  const isBroken = check.mismatch || (sequential.known && sequential.mismatch);
  return { state: isBroken ? 'broken' : 'as-asked', p: check.p, ...(sequential.known && { sequentialP: sequential.p }) };
}

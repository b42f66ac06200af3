import type { ArmPolicy, Experiment, ExperimentArm, Figure } from '@sp/contracts';
import { clusteredRate, type ClusterSums } from './clustered-rate';
import { anytimeMultiplier, asymptoticConfidenceSequence, type SequenceOptions } from './confidence-sequence';
import type { Estimate, Interval, Sample } from './estimate';
import { relativeLift, type Lift } from './relative-lift';
import { sampleRatioMismatch } from './sample-ratio-mismatch';
import { verdictOf } from './verdict';

/** What is counted of one arm; everything is per client, by assignment, whether he got an offer or not. */
export interface ArmSums {
  readonly arm: ArmPolicy;
  /** Spend since assignment less discounts, one observation a client, in minor units. */
  readonly spend: Sample;
  /** Days since assignment, summed over the clients. */
  readonly clientDays: number;
  readonly accepted: ClusterSums;
  readonly redeemed: ClusterSums;
}

export interface ComparisonOptions {
  /** Probability that any of the comparisons is ever wrong. */
  readonly alpha: number;
  /** Client-days at which the intervals shall be tightest; chosen before looking. */
  readonly tightestAtClientDays: number;
  /** The split that was asked for, where it is known. */
  readonly weights?: Readonly<Record<ArmPolicy, number>>;
}

/** Of a rate at one look; the lifts below it are the ones that hold at every look. */
const rateConfidence = 0.95;

/** The arms beside each other and against the holdout; alpha is divided among the comparisons (Bonferroni). */
export function compareArms(sums: readonly ArmSums[], options: ComparisonOptions): Pick<Experiment, 'arms' | 'split'> {
  const split = splitOf(sums, options.weights);
  const holdout = sums.find(({ arm }) => arm === 'holdout');
  const comparisons = Math.max(1, sums.length - 1);
  const sequence = { alpha: options.alpha / comparisons, tightestAt: options.tightestAtClientDays };
  const arms = sums.map((arm) => {
    const base = describe(arm, { alpha: options.alpha, tightestAt: options.tightestAtClientDays });
    if (arm.arm === 'holdout' || !holdout) return base;
    return { ...base, ...against(holdout, arm, sequence, split.state === 'broken') };
  });
  return { arms, split };
}

function describe({ arm, spend, clientDays, accepted, redeemed }: ArmSums, sequence: SequenceOptions): ExperimentArm {
  const mean = asymptoticConfidenceSequence(spend, { ...sequence, observations: clientDays });
  return {
    arm,
    clients: spend.n,
    exposedClients: accepted.clients,
    offers: accepted.trials,
    ...(arm === 'holdout' ? {} : { acceptance: rateFigure(accepted) }),
    redemption: rateFigure(redeemed),
    spendPerClientMinor: figure(mean, mean.known ? mean.mean : 0, spend.n),
  };
}

function against(holdout: ArmSums, arm: ArmSums, sequence: SequenceOptions, splitBroken: boolean): Pick<ExperimentArm, 'lift' | 'verdict'> {
  const multiplier = anytimeMultiplier(holdout.clientDays + arm.clientDays, sequence);
  const lift: Estimate<Lift> = relativeLift(holdout.spend, arm.spend, multiplier);
  const clients = Math.min(holdout.spend.n, arm.spend.n);
  return { lift: figure(lift, lift.known ? lift.lift : 0, clients), verdict: verdictOf({ lift, clients, splitBroken }) };
}

function rateFigure(sums: ClusterSums): Figure {
  const rate = clusteredRate(sums, rateConfidence);
  return figure(rate, rate.known ? rate.rate : 0, sums.trials);
}

function figure(estimate: Estimate<Interval>, value: number, n: number): Figure {
  return estimate.known ? { known: true, value, low: estimate.low, high: estimate.high, n } : { known: false, reason: estimate.reason, n };
}

function splitOf(sums: readonly ArmSums[], weights: ComparisonOptions['weights']): Experiment['split'] {
  if (!weights) return { state: 'unknown' };
  const asked = Object.entries(weights).filter(([, weight]) => weight > 0);
  const observed = asked.map(([name]) => sums.find(({ arm }) => arm === name)?.spend.n ?? 0);
  const check = sampleRatioMismatch(observed, asked.map(([, weight]) => weight));
  return check.known ? { state: check.mismatch ? 'broken' : 'as-asked', p: check.p } : { state: 'unknown' };
}

import type { ArmSeries, LiftPoint } from '@sp/contracts';
import { differenceSequence, type SequenceOptions } from './confidence-sequence';
import type { Sample } from './estimate';
import { groupSequentialVerdict } from './group-sequential';
import { sampleOf } from './sums';
import { welchScore } from './welch-difference';

/** Of one arm, a number a day: cumulative values over the clients who are that far. */
export interface DailySums {
  readonly arm: string;
  readonly n: readonly number[];
  readonly sum: readonly number[];
  readonly sumSquares: readonly number[];
}

export interface SeriesOptions extends SequenceOptions {
  /** The arm that the others are compared with. */
  readonly control: string;
  /** Withholds the verdict. */
  readonly splitBroken?: boolean;
  /** Days that were planned beforehand; the group-sequential test looks at the end of each. */
  readonly horizonDays: number;
}

/** Below this an arm's normal approximation is not to be trusted, so no look is made. */
const leastClients = 50;

/** Cumulative differences against the control over both axes, and the verdict over the daily looks. */
export function liftSeries(sinceStart: readonly DailySums[], sinceExposure: readonly DailySums[], options: SeriesOptions): ArmSeries[] {
  const arms = sinceStart.map(({ arm }) => arm).filter((arm) => arm !== options.control);
  return arms.map((arm) => ({
    arm, sinceStart: pointsOf(sinceStart, arm, options), sinceExposure: pointsOf(sinceExposure, arm, options), groupSequential: options.splitBroken ? { direction: 'none' } : verdictOf(pairsOf(sinceStart, arm, options), options),
  }));
}

function pairsOf(daily: readonly DailySums[], arm: string, options: SeriesOptions): (readonly [Sample, Sample])[] {
  const [control, treated] = [options.control, arm].map((name) => daily.find((sums) => sums.arm === name));
  if (!control || !treated) return [];
  const days = Math.min(control.n.length, treated.n.length);
  return Array.from({ length: days }, (_, day) => [sampleAt(control, day), sampleAt(treated, day)] as const);
}

function sampleAt({ n, sum, sumSquares }: DailySums, day: number): Sample {
  return sampleOf({ n: n[day]!, sum: sum[day]!, sumSquares: sumSquares[day]! });
}

function pointsOf(daily: readonly DailySums[], arm: string, options: SeriesOptions): LiftPoint[] {
  return pairsOf(daily, arm, options).flatMap(([control, treated], day) => {
    const clients = control.n + treated.n;
    const interval = differenceSequence(control, treated, { ...options, observations: clients * (day + 1) });
    return interval.known ? [{ day: day + 1, clients, difference: interval.difference, low: interval.low, high: interval.high }] : [];
  });
}

/** Information is what time has passed of the horizon: clients are there from their first day and go on spending. */
function verdictOf(pairs: readonly (readonly [Sample, Sample])[], { alpha, horizonDays }: SeriesOptions): ArmSeries['groupSequential'] {
  const looks = pairs.slice(0, horizonDays).flatMap(([control, treated], index) => (Math.min(control.n, treated.n) >= leastClients ? [{ day: index + 1, z: welchScore(control, treated) }] : []));
  if (looks.length === 0) return { direction: 'none' };
  const verdict = groupSequentialVerdict(looks.map(({ z }) => z), { informationFractions: looks.map(({ day }) => day / horizonDays), alpha });
  const bound = verdict.looks.at(-1)?.bound ?? Infinity;
  return {
    direction: verdict.direction, z: looks.at(-1)!.z, ...(Number.isFinite(bound) && { bound }),
    ...(verdict.crossedAt !== undefined && { crossedOnDay: looks[verdict.crossedAt]!.day }),
  };
}

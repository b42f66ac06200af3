import normal from '@stdlib/stats-base-dists-normal';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { anytimeMultiplier } from './confidence-sequence';
import { unknown, type Estimate } from './estimate';
import { groupSequentialBounds } from './group-sequential';

export interface DetectionPlan {
  /** Of the metric between clients. */
  readonly standardDeviation: number;
  /** New clients a day in each of the two arms. */
  readonly clientsPerDayPerArm: number;
  readonly horizonDays: number;
  readonly alpha?: number;
  readonly power?: number;
  /** How one looks: once a day against group-sequential bounds, or against a sequence that is tightest at the horizon. */
  readonly method?: 'group-sequential' | 'confidence-sequence';
  readonly experiments?: number;
  readonly seed?: number;
}

export interface DetectionTime {
  /** Share of the simulated experiments that called the effect by the horizon. */
  readonly power: number;
  /** Days until half of all experiments, and until the asked power of them, had called it; absent where that was not by the horizon. */
  readonly medianDays?: number;
  readonly daysToPower?: number;
}

/** Simulates experiments with a true effect that are looked at once a day. */
export function detectionTime(effect: number, plan: DetectionPlan): Estimate<DetectionTime> {
  return withPaths(plan, (paths) => timesOf(effect, paths, plan.power ?? 0.8));
}

/** The smallest true effect that is called by the horizon with the asked power, and how long that takes. */
export function detectableEffectBySimulation(plan: DetectionPlan): Estimate<DetectionTime & { readonly effect: number }> {
  return withPaths(plan, (paths) => {
    const power = plan.power ?? 0.8;
    let [low, high] = [0, (20 * plan.standardDeviation) / Math.sqrt(plan.clientsPerDayPerArm * plan.horizonDays)];
    for (let step = 0; step < 30; step += 1) {
      const middle = (low + high) / 2;
      if (timesOf(middle, paths, power).power >= power) high = middle;
      else low = middle;
    }
    return { effect: high, ...timesOf(high, paths, power) };
  });
}

/** Of each day: the standard error then, the bound then, and the noise of every experiment in standard errors. */
interface Paths {
  readonly errors: readonly number[];
  readonly bounds: readonly number[];
  readonly noise: readonly Float64Array[];
}

function withPaths<T>(plan: DetectionPlan, use: (paths: Paths) => T): Estimate<T> {
  const { standardDeviation, clientsPerDayPerArm, horizonDays } = plan;
  if (!(standardDeviation > 0)) return unknown('no-variance');
  if (!(clientsPerDayPerArm > 0) || !(horizonDays >= 1)) return unknown('too-few-observations');
  const days = Array.from({ length: Math.floor(horizonDays) }, (_, day) => day + 1);
  const errors = days.map((day) => standardDeviation * Math.sqrt(2 / (clientsPerDayPerArm * day)));
  return { known: true, ...use({ errors, bounds: boundsOf(days, plan), noise: noiseOf(days.length, plan.experiments ?? 2000, plan.seed ?? 1) }) };
}

function boundsOf(days: readonly number[], { clientsPerDayPerArm, alpha = 0.05, method = 'group-sequential' }: DetectionPlan): number[] {
  if (method === 'group-sequential') return groupSequentialBounds({ informationFractions: days.map((day) => day / days.length), alpha }).map(({ bound }) => bound);
  return days.map((day) => anytimeMultiplier(2 * clientsPerDayPerArm * day, { alpha, tightestAt: 2 * clientsPerDayPerArm * days.length }));
}

/** z under no effect: each day adds an independent normal step to the sum. */
function noiseOf(days: number, experiments: number, seed: number): Float64Array[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: experiments }, () => {
    let sum = 0;
    return Float64Array.from({ length: days }, (_, day) => (sum += normal.quantile(Math.max(1e-16, uniformFloat64(generator)), 0, 1)) / Math.sqrt(day + 1));
  });
}

function timesOf(effect: number, { errors, bounds, noise }: Paths, power: number): DetectionTime {
  const calledOn = noise.map((path) => path.findIndex((z, day) => Math.abs(z + effect / errors[day]!) >= bounds[day]!) + 1).filter((day) => day > 0).sort((a, b) => a - b);
  const dayOf = (share: number): number | undefined => calledOn[Math.ceil(share * noise.length) - 1];
  const [medianDays, daysToPower] = [dayOf(0.5), dayOf(power)];
  return { power: calledOn.length / noise.length, ...(medianDays !== undefined && { medianDays }), ...(daysToPower !== undefined && { daysToPower }) };
}

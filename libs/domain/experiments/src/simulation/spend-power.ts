import normal from '@stdlib/stats-base-dists-normal';
import type { Sample } from '../estimate';
import { welchScore } from '../welch-difference';
import { adjustedSpend, plainSpend } from './adjusted-spend';
import { Chance, drawClientSpend, type ClientSpend } from './spend-world';

export interface PowerResult {
  readonly clientsPerArm: number;
  readonly lift: number;
  readonly experiments: number;
  /** Share of experiments whose one test at the end calls the true lift. */
  readonly plain: number;
  readonly adjusted: number;
}

export interface PowerPlan {
  readonly clientsPerArm: number;
  /** True lift of everybody's spend in the second arm; 0 shows the false positives. */
  readonly lift: number;
  readonly experiments: number;
  readonly alpha: number;
  readonly seed: number;
}

/** How often a true lift of heavy-tailed spend is found by plain means, and winsorised and with CUPED. */
export function simulatePower({ clientsPerArm, lift, experiments, alpha, seed }: PowerPlan): PowerResult {
  const bound = -normal.quantile(alpha / 2, 0, 1);
  const found = { plain: 0, adjusted: 0 };
  const calls = ([control, treated]: readonly [Sample, Sample]): number => (Math.abs(welchScore(control, treated)) > bound ? 1 : 0);
  for (let experiment = 0; experiment < experiments; experiment += 1) {
    const chance = new Chance(seed + experiment);
    const arm = (times: number): ClientSpend[] => Array.from({ length: clientsPerArm }, () => drawClientSpend(chance, times));
    const [control, treated] = [arm(1), arm(1 + lift)];
    found.plain += calls(plainSpend(control, treated));
    found.adjusted += calls(adjustedSpend(control, treated));
  }
  return { clientsPerArm, lift, experiments, plain: found.plain / experiments, adjusted: found.adjusted / experiments };
}

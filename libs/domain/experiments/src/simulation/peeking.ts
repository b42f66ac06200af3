import normal from '@stdlib/stats-base-dists-normal';
import { differenceSequence } from '../confidence-sequence';
import type { Sample } from '../estimate';
import { groupSequentialBounds } from '../group-sequential';
import { sampleOf } from '../sums';
import { welchScore } from '../welch-difference';
import { adjustedSpend } from './adjusted-spend';
import { Chance, drawClientSpend, type ClientSpend } from './spend-world';

/** Two equal arms, looked at `looks` times; each look sees both arms as they are then. */
export interface PeekingWorld {
  readonly name: string;
  readonly clientsPerArm: number;
  readonly looksAt: (chance: Chance, looks: number, clientsPerArm: number) => readonly (readonly [Sample, Sample])[];
}

export interface PeekingResult {
  readonly world: string;
  readonly clientsPerArm: number;
  readonly experiments: number;
  /** Share of experiments in which some look called a difference, although there is none. */
  readonly fixedTest: number;
  readonly groupSequential: number;
  readonly sequence: number;
}

export const peekingWorlds: readonly PeekingWorld[] = [
  { name: 'acceptance of 10 %', clientsPerArm: 2000, looksAt: arriving((chance) => (chance.uniform() < 0.1 ? 1 : 0)) },
  { name: 'normal values', clientsPerArm: 1000, looksAt: arriving((chance) => chance.normal()) },
  { name: 'heavy-tailed spend', clientsPerArm: 2000, looksAt: arriving((chance) => drawClientSpend(chance).during) },
  { name: 'heavy-tailed spend, few clients', clientsPerArm: 300, looksAt: arriving((chance) => drawClientSpend(chance).during) },
  { name: 'log-normal spend (sigma 2), few clients', clientsPerArm: 300, looksAt: arriving((chance) => chance.logNormal(2)) },
  { name: 'the same clients, spend growing day by day', clientsPerArm: 300, looksAt: growing },
  { name: 'heavy-tailed spend, winsorised, CUPED', clientsPerArm: 300, looksAt: adjustedArriving },
];

/** Any-look false positives over many experiments: the fixed test at 5 % as a warning, then what the project decides by. */
export function simulatePeeking({ name, clientsPerArm, looksAt }: PeekingWorld, { experiments, looks, alpha, seed }: { readonly experiments: number; readonly looks: number; readonly alpha: number; readonly seed: number }): PeekingResult {
  const bounds = groupSequentialBounds({ informationFractions: Array.from({ length: looks }, (_, look) => (look + 1) / looks), alpha }).map(({ bound }) => bound);
  const fixed = -normal.quantile(alpha / 2, 0, 1);
  const options = { alpha, tightestAt: 2 * clientsPerArm };
  const called = { fixedTest: 0, groupSequential: 0, sequence: 0 };
  for (let experiment = 0; experiment < experiments; experiment += 1) {
    const samples = looksAt(new Chance(seed + experiment), looks, clientsPerArm);
    const scores = samples.map(([control, treated]) => Math.abs(welchScore(control, treated)));
    if (scores.some((score) => score > fixed)) called.fixedTest += 1;
    if (scores.some((score, look) => score >= bounds[look]!)) called.groupSequential += 1;
    const observations = (look: number): number => (2 * clientsPerArm * (look + 1)) / looks;
    if (samples.some(([control, treated], look) => excludesZero(differenceSequence(control, treated, { ...options, observations: observations(look) })))) called.sequence += 1;
  }
  return { world: name, clientsPerArm, experiments, fixedTest: called.fixedTest / experiments, groupSequential: called.groupSequential / experiments, sequence: called.sequence / experiments };
}

function excludesZero(interval: ReturnType<typeof differenceSequence>): boolean {
  return interval.known && (interval.low > 0 || interval.high < 0);
}

/** Clients come one after another; look k sees the first k / looks of them. */
function arriving(draw: (chance: Chance) => number): PeekingWorld['looksAt'] {
  return (chance, looks, clientsPerArm) => {
    const arms = [new RunningSums(), new RunningSums()] as const;
    return Array.from({ length: looks }, (_, look) => {
      const until = Math.round((clientsPerArm * (look + 1)) / looks);
      for (const arm of arms) while (arm.n < until) arm.add(draw(chance));
      return [sampleOf(arms[0]), sampleOf(arms[1])] as const;
    });
  };
}

/** All clients are there from the first day, lasting differences between them too; each look has one more day of everybody's spend. */
function growing(chance: Chance, looks: number, clientsPerArm: number): readonly (readonly [Sample, Sample])[] {
  const levels = Array.from({ length: 2 * clientsPerArm }, () => chance.logNormal(1));
  const totals = new Float64Array(2 * clientsPerArm);
  return Array.from({ length: looks }, () => {
    const arms = [new RunningSums(), new RunningSums()] as const;
    levels.forEach((level, client) => {
      if (chance.uniform() < 0.3) totals[client]! += level * chance.logNormal(1);
      arms[client % 2 === 0 ? 0 : 1].add(totals[client]!);
    });
    return [sampleOf(arms[0]), sampleOf(arms[1])] as const;
  });
}

function adjustedArriving(chance: Chance, looks: number, clientsPerArm: number): readonly (readonly [Sample, Sample])[] {
  const arms: [ClientSpend[], ClientSpend[]] = [[], []];
  return Array.from({ length: looks }, (_, look) => {
    const until = Math.round((clientsPerArm * (look + 1)) / looks);
    for (const arm of arms) while (arm.length < until) arm.push(drawClientSpend(chance));
    return adjustedSpend(arms[0], arms[1]);
  });
}

class RunningSums {
  n = 0;
  sum = 0;
  sumSquares = 0;

  add(value: number): void {
    this.n += 1;
    this.sum += value;
    this.sumSquares += value * value;
  }
}

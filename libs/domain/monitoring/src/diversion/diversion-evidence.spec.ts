import { expect, test } from 'vitest';
import { drawsOf } from '../anomalies/testing/synthetic-stream';
import { DiversionEvidence } from './diversion-evidence';
import { eBenjaminiHochberg } from './e-benjamini-hochberg';
import { fBetaThreshold } from './f-beta-threshold';

const alpha = 0.05;
const merchants = 100;

interface World {
  readonly seed: number;
  readonly diverters: number;
  readonly share: number;
  readonly withTraces: boolean;
  /** Of the honest merchants' difference from the calibrated probability, in logits. */
  readonly heterogeneity: number;
}

/** Merchants with a trial a day; flagged on the first of the daily looks that says so. Diverters stand first. */
function looks({ seed, diverters, share, withTraces, heterogeneity }: World): { found: number; falsely: number; flagged: number } {
  const draws = drawsOf(seed);
  const evidence = Array.from({ length: merchants }, () => new DiversionEvidence());
  const shifts = evidence.map(() => heterogeneity * draws.normal());
  const flagged = new Set<number>();
  const foundAt = new Map<number, number>();
  for (let day = 0; day < 30; day++) {
    for (const [merchant, one] of evidence.entries()) {
      for (let offer = 0; offer < 4; offer++) {
        const probability = 0.15 + 0.6 * draws.uniform();
        const logit = Math.log(probability / (1 - probability)) + (shifts[merchant] ?? 0);
        const wouldConvert = draws.uniform() < 1 / (1 + Math.exp(-logit));
        const diverted = wouldConvert && merchant < diverters && draws.uniform() < share;
        const converted = wouldConvert && !diverted;
        // Diverted conversions are reported as refusals; so are a few honest ones, and those have a trace by chance.
        const refused = diverted || (!converted && draws.uniform() < 0.05);
        one.see({ probability, converted, ...(withTraces && refused && { hasTrace: draws.uniform() < (diverted ? 0.5 : 0.05) }) });
      }
    }
    for (const merchant of eBenjaminiHochberg(evidence.map(({ logE }) => logE), alpha)) {
      flagged.add(merchant);
      if (!foundAt.has(merchant)) foundAt.set(merchant, evidence[merchant]!.counts.expected);
    }
  }
  const inTime = [...foundAt].filter(([merchant, expected]) => merchant < diverters && expected <= 35).length;
  return { found: inTime, falsely: [...flagged].filter((merchant) => merchant >= diverters).length, flagged: flagged.size };
}

const trials = (world: Omit<World, 'seed'>, rounds = 12) => Array.from({ length: rounds }, (_, seed) => looks({ ...world, seed: seed + 1 }));
const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

test('under daily looks at heterogeneous merchants, at most 5 % of those named are honest', () => {
  for (const diverters of [0, 5]) {
    const rounds = trials({ diverters, share: 0.8, withTraces: false, heterogeneity: 0.35 });
    const rates = rounds.map(({ falsely, flagged }) => (flagged === 0 ? 0 : falsely / flagged));
    expect(sumOf(rates) / rates.length).toBeLessThanOrEqual(0.05);
  }
});

test('from counts alone, 75 % of the 80 % diverters are found within 35 expected conversions', () => {
  const rounds = trials({ diverters: 5, share: 0.8, withTraces: false, heterogeneity: 0.35 });
  expect(sumOf(rounds.map(({ found }) => found)) / (5 * rounds.length)).toBeGreaterThanOrEqual(0.75);
});

test('with traces, 90 % of the 50 % diverters are found within a month of 54 expected conversions', () => {
  const rounds = trials({ diverters: 5, share: 0.5, withTraces: true, heterogeneity: 0.35 });
  expect(sumOf(rounds.map(({ flagged, falsely }) => flagged - falsely)) / (5 * rounds.length)).toBeGreaterThanOrEqual(0.9);
  expect(sumOf(rounds.map(({ falsely }) => falsely))).toBeLessThanOrEqual(3);
});

test('e-BH names the strongest as far as their number carries them', () => {
  const ln = Math.log;
  expect(eBenjaminiHochberg([0, 0, 0, 0], 0.05)).toEqual([]);
  expect(eBenjaminiHochberg([ln(80), 0, 0, 0], 0.05)).toEqual([0]);
  expect(eBenjaminiHochberg([ln(41), ln(41), 0, 0], 0.05)).toEqual([0, 1]);
  expect(eBenjaminiHochberg([ln(41), 0, 0, 0], 0.05)).toEqual([]);
});

test('the case threshold is the one of the best F-beta, which dislikes false accusations', () => {
  const verdicts = [{ score: 9, isTrue: true }, { score: 8, isTrue: true }, { score: 5, isTrue: false }, { score: 4, isTrue: true }];
  expect(fBetaThreshold(verdicts)).toMatchObject({ threshold: 8 });
  expect(fBetaThreshold([{ score: 1, isTrue: false }])).toBeUndefined();
});

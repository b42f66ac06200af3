import normal from '@stdlib/stats-base-dists-normal';
import { adjustPValues, corrections, type Correction } from '../adjust-p-values';
import type { AlphaSpending } from '../alpha-spending';
import { chanceToWinMeans, chanceToWinProportions } from '../chance-to-win';
import { clusteredRate } from '../clustered-rate';
import { asymptoticConfidenceSequence, differenceSequence } from '../confidence-sequence';
import { cuped } from '../cuped';
import { detectableEffectBySimulation, detectionTime, type DetectionPlan } from '../detection-time';
import type { Estimate, Interval, Sample } from '../estimate';
import { multipleExposures, preExposureBias } from '../exposure-checks';
import { groupSequentialVerdict, groupSequentialBounds } from '../group-sequential';
import { minimumDetectableEffect, powerOf, sampleSize } from '../power';
import { proportionsDifference } from '../proportions-difference';
import { ratioSample } from '../ratio-metric';
import { relativeLift } from '../relative-lift';
import { sampleRatioMismatch } from '../sample-ratio-mismatch';
import { sequentialRatioMismatch } from '../sequential-ratio-mismatch';
import { welchDifference } from '../welch-difference';
import { wilsonInterval } from '../wilson-interval';
import { pooledCap, winsorised, sampleOfValues } from '../winsorise';
import { numbersOf, pairFrom, proportionFrom, sampleFrom, WrongInput, type Fields } from './read-input';

/** What a method makes of a case: plain values, ready for JSON. */
export type Outcome = Readonly<Record<string, unknown>>;

const lookings: readonly ('group-sequential' | 'confidence-sequence')[] = ['group-sequential', 'confidence-sequence'];

/** A test without an answer rejects nothing. */
const neutralTest = { difference: 0, p: 1, significant: false };

export const methods: Readonly<Record<string, (input: Fields) => Outcome>> = {
  'wilson': (input) => ({ ...wilsonInterval(input.count('successes'), input.count('n'), confidenceOf(input)) }),
  'clustered-rate': (input) => ({
    ...clusteredRate(
      { clients: input.count('clients'), trials: input.count('sumX'), successes: input.count('sumY'), trialsSquared: input.count('sumXX'), successesSquared: input.count('sumYY'), trialsTimesSuccesses: input.count('sumXY') },
      confidenceOf(input),
    ),
  }),
  'two-proportions': (input) => withLift(tested(proportionsDifference(proportionFrom(input.object('control')), proportionFrom(input.object('treatment')), confidenceOf(input)), alphaOf(input)), ...samplesOf(input), input),
  'welch': (input) => compared(...samplesOf(input), input),
  'ratio': (input) => {
    const [control, treated] = [ratioSample(pairFrom(input.object('control'))), ratioSample(pairFrom(input.object('treatment')))];
    if (!control.known) return { ...control, ...neutralTest };
    return treated.known ? { control: control.mean, treatment: treated.mean, ...compared(control, treated, input) } : { ...treated, ...neutralTest };
  },
  'winsorised-means': (input) => {
    const arms = [input.object('control').numbers('values'), input.object('treatment').numbers('values')];
    const cap = input.has('cap') ? input.number('cap') : pooledCap(arms, input.between('quantile', 0, 1, 0.99));
    if (cap === undefined) return { known: false, reason: 'too-few-observations', ...neutralTest };
    const [control, treated] = arms.map((values) => sampleOfValues(winsorised(values, cap))) as [Sample, Sample];
    return { cap, control: control.mean, treatment: treated.mean, ...compared(control, treated, input) };
  },
  'cuped': (input) => {
    const adjusted = cuped(pairFrom(input.object('control')), pairFrom(input.object('treatment')));
    if (!adjusted.known) return { ...adjusted, ...neutralTest };
    const { theta, varianceReduction, control, treated } = adjusted;
    return { theta, varianceReduction, control: control.mean, treatment: treated.mean, ...compared(control, treated, input) };
  },
  'relative-lift': (input) => ({ ...relativeLift(...samplesOf(input), multiplierOf(input)) }),
  'confidence-sequence': (input) => {
    const options = { ...sequenceOf(input), ...(input.has('observations') && { observations: input.count('observations') }) };
    if (!input.has('control')) return { ...asymptoticConfidenceSequence(sampleFrom(input), options) };
    const sequence = differenceSequence(...samplesOf(input), options);
    return sequence.known ? { ...sequence, significant: isApart(sequence) } : { ...sequence, ...neutralTest };
  },
  'group-sequential': (input) => {
    const fractions = input.numbers('informationFractions');
    const design = { informationFractions: fractions, alpha: alphaOf(input), sides: input.number('sides', 2) === 1 ? 1 : 2, spending: spendingOf(input) } as const;
    const ascending = fractions.every((fraction, look) => fraction > (look === 0 ? 0 : Math.min(1, fractions[look - 1]!)));
    if (!ascending) throw new WrongInput(input.at('informationFractions'), 'must be above 0, ascending, and reach 1 once at most');
    if (!input.has('z')) return { known: true, looks: groupSequentialBounds(design) };
    const z = input.numbers('z');
    if (z.length !== fractions.length) throw new WrongInput(input.at('z'), `must have one number for each information fraction (${fractions.length}), it has ${z.length}`);
    const verdict = groupSequentialVerdict(z, design);
    return { known: true, ...verdict, significant: verdict.crossedAt !== undefined };
  },
  'chance-to-win': (input) => {
    const [control, treated] = [input.object('control'), input.object('treatment')];
    const areProportions = control.has('successes') && !control.has('sumSquares') && !control.has('mean');
    const prior = input.has('prior') ? { a: input.object('prior').number('alpha', 1), b: input.object('prior').number('beta', 1) } : { a: 1, b: 1 };
    const result = areProportions ? chanceToWinProportions(proportionFrom(control), proportionFrom(treated), prior) : chanceToWinMeans(sampleFrom(control), sampleFrom(treated));
    return result.known ? { ...result } : { ...result, chance: 0.5, expectedLoss: 0 };
  },
  'srm': (input) => {
    const observed = input.numbers('observed');
    const check = sampleRatioMismatch(observed, weightsOf(input, observed.length));
    return check.known ? { ...check } : { ...check, p: 1, mismatch: false };
  },
  'sequential-srm': (input) => {
    const given = input.list('looks');
    const looks = Array.isArray(given[0]) ? given.map((look, i) => numbersOf(look, `${input.at('looks')}[${i}]`)) : [numbersOf(given, input.at('looks'))];
    const weights = weightsOf(input, looks[0]?.length ?? 0);
    const odd = looks.findIndex((look) => look.length !== weights.length);
    if (odd >= 0) throw new WrongInput(`${input.at('looks')}[${odd}]`, `must have one count for each weight (${weights.length})`);
    const check = sequentialRatioMismatch(looks, weights, input.number('concentration', 10_000));
    return check.known ? { ...check } : { ...check, p: 1, mismatch: false };
  },
  'pre-exposure-bias': (input) => {
    const bias = preExposureBias(...samplesOf(input));
    return bias.known ? { ...bias } : { ...bias, difference: 0, p: 1, biased: false };
  },
  'multiple-exposures': (input) => ({ ...multipleExposures(input.count('clients'), input.count('inSeveralArms'), input.number('limit', 0.01)) }),
  ...Object.fromEntries(corrections.map((correction) => [correction, (input: Fields) => corrected(correction, input)])),
  'p-adjust': (input) => corrected(input.choice('correction', corrections), input),
  'minimum-detectable-effect': (input) => ({ ...minimumDetectableEffect({ ...designOf(input), controlClients: input.count('controlClients'), treatedClients: input.count('treatedClients'), power: powerAsked(input) }) }),
  'sample-size': (input) => ({ ...sampleSize({ ...designOf(input), effect: input.number('effect'), power: powerAsked(input), allocation: input.number('allocation', 1) }) }),
  'power': (input) => ({ ...powerOf({ ...designOf(input), effect: input.number('effect'), controlClients: input.count('controlClients'), treatedClients: input.count('treatedClients') }) }),
  'time-to-detect': (input) => ({ ...detectionTime(input.number('effect'), planOf(input)) }),
  'detectable-effect-by-simulation': (input) => ({ ...detectableEffectBySimulation(planOf(input)) }),
};

function alphaOf(input: Fields): number {
  return input.has('confidence') ? 1 - input.between('confidence', 0, 1) : input.between('alpha', 0, 1, 0.05);
}

function confidenceOf(input: Fields): number {
  return input.has('confidence') ? input.between('confidence', 0, 1) : 1 - alphaOf(input);
}

function powerAsked(input: Fields): number {
  return input.between('power', 0, 1, 0.8);
}

function samplesOf(input: Fields): [Sample, Sample] {
  return [sampleFrom(input.object('control')), sampleFrom(input.object('treatment'))];
}

function weightsOf(input: Fields, arms: number): number[] {
  if (!input.has('weights') && arms > 0) return new Array<number>(arms).fill(1);
  const weights = input.numbers('weights');
  if (weights.length !== arms) throw new WrongInput(input.at('weights'), `must have one weight for each arm (${arms}), it has ${weights.length}`);
  return weights;
}

function tested<T extends { readonly p: number }>(result: Estimate<T>, alpha: number): Outcome {
  return result.known ? { ...result, significant: result.p < alpha } : { ...result, ...neutralTest };
}

function compared(control: Sample, treated: Sample, input: Fields): Outcome {
  return withLift(tested(welchDifference(control, treated, confidenceOf(input)), alphaOf(input)), control, treated, input);
}

function withLift(outcome: Outcome, control: Sample, treated: Sample, input: Fields): Outcome {
  return { ...outcome, lift: relativeLift(control, treated, multiplierOf(input)) };
}

/** Of a normal interval of the asked confidence, for one look. */
function multiplierOf(input: Fields): number {
  return -normal.quantile(alphaOf(input) / 2, 0, 1);
}

function isApart({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}

/** Either rho itself, or the observations at which the sequence shall be tightest. */
function sequenceOf(input: Fields): { alpha: number; tightestAt: number } {
  const alpha = alphaOf(input);
  if (!input.has('rho')) return { alpha, tightestAt: input.between('tightestAt', 0, Infinity, 1000) };
  const doubled = -2 * Math.log(alpha);
  return { alpha, tightestAt: (doubled + Math.log(doubled + 1)) / input.between('rho', 0, Infinity) ** 2 };
}

function spendingOf(input: Fields): AlphaSpending {
  const kind = input.choice('spending', ['power', 'obrien-fleming', 'pocock'], 'power');
  return kind === 'power' ? { kind, exponent: input.between('exponent', 0, Infinity, 2) } : { kind };
}

function corrected(correction: Correction, input: Fields): Outcome {
  const pValues = input.numbers('pValues');
  const wrong = pValues.findIndex((p) => p < 0 || p > 1);
  if (wrong >= 0) throw new WrongInput(`${input.at('pValues')}[${wrong}]`, `must be from 0 to 1, not ${pValues[wrong]}`);
  const adjusted = adjustPValues(pValues, correction);
  return { adjusted, rejected: adjusted.map((p) => p <= alphaOf(input)) };
}

function designOf(input: Fields): { standardDeviation: number; treatedStandardDeviation?: number; alpha: number } {
  const standardDeviation = input.has('variance') ? Math.sqrt(input.count('variance')) : input.count('standardDeviation');
  return { standardDeviation, alpha: alphaOf(input), ...(input.has('treatedStandardDeviation') && { treatedStandardDeviation: input.count('treatedStandardDeviation') }) };
}

function planOf(input: Fields): DetectionPlan {
  return {
    standardDeviation: designOf(input).standardDeviation, clientsPerDayPerArm: input.count('clientsPerDayPerArm'), horizonDays: input.between('horizonDays', 0, 3651), alpha: alphaOf(input), power: powerAsked(input),
    method: input.choice('looking', lookings, 'group-sequential'), experiments: input.between('experiments', 0, 100_001, 2000), seed: input.number('seed', 1),
  };
}

import { offPolicyDifference } from '@sp/experiments';
import type { ModelCard } from '@sp/learning';

export interface Gate {
  readonly name: 'parity' | 'calibration' | 'off-policy value';
  readonly passed: boolean;
  /** With the figures. */
  readonly text: string;
}

export interface GateInput {
  readonly card: ModelCard;
  /** Of the later offers of the random arm, which neither model was fitted on by this training. */
  readonly redeemed: Float32Array;
  readonly challenger: Float32Array;
  /** Undefined where no model scores yet. */
  readonly champion: Float32Array | undefined;
}

const maximumParity = 1e-5;
/** Mean gap between predicted and observed share, weighted by rows. */
const maximumCalibrationGap = 0.05;
/** The offers are random, so a policy that would make the better half of them is worth their mean redemption. */
const chosenShare = 0.5;
/** The lower bound may lie so much of the champion's value below it: no worse than it, as sure as this many rows allow. */
const tolerance = 0.1;
const confidence = 0.9;

/** All must pass before a trained model may take the champion's place. */
export function judgeChallenger(input: GateInput): Gate[] {
  return [parity(input.card), calibration(input.card), offPolicy(input)];
}

function parity({ parity: { rows, maximumDifference } }: ModelCard): Gate {
  return { name: 'parity', passed: maximumDifference <= maximumParity, text: `the stored model says what the trained one says within ${maximumDifference.toExponential(1)} on ${rows} rows` };
}

function calibration({ metrics: { test } }: ModelCard): Gate {
  const filled = test.calibration.filter(({ rows }) => rows > 0);
  const gap = filled.reduce((sum, { rows, meanProbability, observedShare }) => sum + (rows / test.rows) * Math.abs((meanProbability ?? 0) - (observedShare ?? 0)), 0);
  // A bin of few rows misses its share by chance: sqrt(2 / pi) standard deviations on average.
  const chance = filled.reduce((sum, { rows, meanProbability: p }) => sum + (rows / test.rows) * Math.sqrt((2 / Math.PI) * ((p ?? 0) * (1 - (p ?? 0))) / rows), 0);
  return { name: 'calibration', passed: gap <= maximumCalibrationGap + chance, text: `predicted and observed shares differ by ${gap.toFixed(3)} on ${test.rows} later rows; at most ${maximumCalibrationGap} and ${chance.toFixed(3)} that chance alone makes of so few` };
}

function offPolicy({ redeemed, challenger, champion }: GateInput): Gate {
  const rewards = Float64Array.from(redeemed);
  const before = champion ? betterHalf(champion) : new Float64Array(rewards.length).fill(1);
  const difference = offPolicyDifference(rewards, before, betterHalf(challenger), { confidence });
  const value = rewards.reduce((sum, reward, row) => sum + reward * (before[row] ?? 0), 0) / before.reduce((sum, weight) => sum + weight, 0);
  const text = `redemptions an offer, of the better half of ${rewards.length} random offers: ${(value + difference.value).toFixed(4)} against ${value.toFixed(4)} by ${champion ? 'the champion' : 'chance'}; difference ${difference.low.toFixed(4)} to ${difference.high.toFixed(4)}`;
  return { name: 'off-policy value', passed: difference.low >= -tolerance * value, text };
}

/** 1 for the offers that the policy would make. */
function betterHalf(scores: Float32Array): Float64Array {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const weights = new Float64Array(scores.length);
  for (const row of order.slice(0, Math.ceil(chosenShare * scores.length))) weights[row] = 1;
  return weights;
}

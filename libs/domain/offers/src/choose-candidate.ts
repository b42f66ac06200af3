import type { ArmPolicy, RemovalReason } from '@sp/contracts';
import { readPairFeature } from './pair-features';
import type { WeighedCandidate } from './weigh';

/** A number in [0, 1) for a purpose, the same at every replay. */
export type Draw = (purpose: 'candidate' | 'explore') => number;

export interface Choice {
  /** Index into the eligible; undefined where the policy wants none of them. */
  readonly chosen: number | undefined;
  /** For each of the eligible, the probability with which the policy chooses it here; they sum to 1, or to 0 where it wants none. */
  readonly propensities: readonly number[];
  /** Drawn evenly rather than by the policy's order. */
  readonly exploration: boolean;
  /** For each of the eligible, why it was not chosen, if it was not. */
  readonly lossReasons: readonly RemovalReason[];
}

/** The policy of an arm among the eligible. The holdout does what the model would, so that its ghosts can be compared with real offers. */
export function chooseCandidate(arm: ArmPolicy, eligible: readonly WeighedCandidate[], explorationShare: number, draw: Draw): Choice {
  if (arm === 'random') return chooseEvenly(eligible, draw);
  if (arm === 'rules') return chooseByRules(eligible);
  return chooseByValue(eligible, explorationShare, draw);
}

function chooseEvenly(eligible: readonly WeighedCandidate[], draw: Draw): Choice {
  const chosen = Math.floor(draw('candidate') * eligible.length);
  return { chosen, propensities: eligible.map(() => 1 / eligible.length), exploration: true, lossReasons: eligible.map(() => 'not-drawn') };
}

/** What a bank does without a model: the client's most used category, there his most used merchant, there the highest discount. */
function chooseByRules(eligible: readonly WeighedCandidate[]): Choice {
  const order = ({ candidate: { features, terms } }: WeighedCandidate): number[] => [
    readPairFeature(features, 'pair.category_purchases'),
    readPairFeature(features, 'pair.merchant_purchases'),
    terms.discountPercent,
  ];
  const chosen = findBest(eligible, order);
  return { chosen, propensities: eligible.map((_, place) => (place === chosen ? 1 : 0)), exploration: false, lossReasons: eligible.map(() => 'lost-on-value') };
}

/** The best value, but with probability epsilon an even draw among all of positive value (the best one included). */
function chooseByValue(eligible: readonly WeighedCandidate[], epsilon: number, draw: Draw): Choice {
  const worthwhile = [...eligible.keys()].filter((place) => eligible[place]!.valueMinor > 0);
  const exploration = worthwhile.length > 0 && draw('explore') < epsilon;
  const best = worthwhile.length > 0 ? findBest(eligible, ({ valueMinor }) => [valueMinor]) : undefined;
  const even = epsilon / worthwhile.length;
  return {
    chosen: exploration ? worthwhile[Math.floor(draw('candidate') * worthwhile.length)] : best,
    propensities: eligible.map(({ valueMinor }, place) => (valueMinor > 0 ? even : 0) + (place === best ? 1 - epsilon : 0)),
    exploration,
    lossReasons: eligible.map(({ valueMinor }) => (valueMinor <= 0 ? 'value-not-positive' : exploration ? 'not-drawn' : 'lost-on-value')),
  };
}

/** Place of the first among the greatest, compared number by number. */
function findBest(eligible: readonly WeighedCandidate[], order: (candidate: WeighedCandidate) => readonly number[]): number {
  const keys = eligible.map(order);
  const isGreater = (a: readonly number[], b: readonly number[]): boolean => {
    const differing = a.findIndex((value, place) => value !== b[place]);
    return differing >= 0 && a[differing]! > b[differing]!;
  };
  return keys.reduce((best, key, place) => (isGreater(key, keys[best]!) ? place : best), 0);
}

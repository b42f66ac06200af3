import { alwaysModel, constantCampaign, judgePolicy, randomPolicy, type LoggedCandidate, type LoggedMoment, type OffPolicyValue, type Policy } from '@sp/experiments';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

type Uniform = () => number;

const campaigns = ['k-1', 'k-2', 'k-3', 'k-4'];
const discounts = [5, 15];
/** What a redeemed offer of the campaign earns before its discount, in minor units. */
const marginsMinor = [300, 600, 900, 1_500];

/** Of how many seeds the interval held the truth. */
export interface Coverage {
  readonly policy: string;
  readonly estimator: 'ips' | 'snips' | 'dr';
  readonly truthMinor: number;
  readonly meanMinor: number;
  readonly covered: number;
  readonly seeds: number;
}

/** A client's redemption of each candidate: known here alone, the policies see a model's guess of it. */
interface World {
  readonly eligible: readonly (LoggedCandidate & { readonly conversion: number; readonly earnedMinor: number })[];
}

/**
 * A small world whose truth is known: clients redeem each offer with a probability of their own, the log is of an arm that draws evenly
 * among what is eligible, as the random arm does, rewards are rare and skewed. How often does the interval of each estimator hold what
 * the policy really earns there?
 */
export function measureCoverage(seeds: number, momentsALog: number): Coverage[] {
  const policies = [alwaysModel, randomPolicy, constantCampaign('k-2')];
  const truths = policies.map((policy) => truthOf(policy, 400_000));
  const found = policies.flatMap((policy, place) => (['ips', 'snips', 'dr'] as const).map((estimator) => ({ policy: policy.name, estimator, truthMinor: truths[place]!, sum: 0, covered: 0 })));
  for (let seed = 1; seed <= seeds; seed++) {
    const log = aLog(seed, momentsALog);
    policies.forEach((policy, place) => {
      const estimate = judgePolicy(log, policy);
      for (const row of found.slice(3 * place, 3 * place + 3)) note(row, estimate?.[row.estimator]);
    });
  }
  return found.map(({ sum, ...row }) => ({ ...row, meanMinor: sum / seeds, seeds }));
}

function note(row: { truthMinor: number; sum: number; covered: number }, value: OffPolicyValue | undefined): void {
  if (!value) return;
  row.sum += value.value;
  row.covered += Number(value.low <= row.truthMinor && row.truthMinor <= value.high);
}

function aLog(seed: number, moments: number): LoggedMoment[] {
  const generator = xoroshiro128plus(seed);
  const draw = (): number => uniformFloat64(generator);
  return Array.from({ length: moments }, (_, number) => aMoment(draw, `c-${number}`));
}

function aMoment(draw: Uniform, clientId: string): LoggedMoment {
  const { eligible } = aWorld(draw);
  const chosen = Math.floor(draw() * eligible.length);
  const { conversion, earnedMinor } = eligible[chosen]!;
  return { clientId, arm: 'random', eligible, chosen, propensity: 1 / eligible.length, rewardMinor: draw() < conversion ? Math.round(earnedMinor * 2 * draw()) : 0 };
}

/** Six or so candidates of four campaigns on two terms; the model knows the taste, but not well. */
function aWorld(draw: Uniform): World {
  const eligible = campaigns.flatMap((campaignId, place) => {
    const taste = draw() ** 2;
    return draw() < 0.25 ? [] : discounts.map((discountPercent) => candidate(campaignId, discountPercent, { taste, marginMinor: marginsMinor[place]!, guess: draw() }));
  });
  return eligible.length > 0 ? { eligible } : aWorld(draw);
}

function candidate(campaignId: string, discountPercent: number, { taste, marginMinor, guess }: { taste: number; marginMinor: number; guess: number }) {
  const conversion = Math.min(0.9, taste * 0.3 * (1 + discountPercent / 20));
  const earnedMinor = marginMinor * (1 - discountPercent / 40);
  return { campaignId, terms: { discountPercent }, conversion, earnedMinor, valueMinor: (0.5 * conversion + 0.1 * guess) * earnedMinor };
}

function truthOf({ propensities }: Policy, moments: number): number {
  const generator = xoroshiro128plus(20_261_123);
  const draw = (): number => uniformFloat64(generator);
  let sum = 0;
  for (let number = 0; number < moments; number++) {
    const { eligible } = aWorld(draw);
    const chances = propensities(eligible) ?? [];
    sum += eligible.reduce((all, { conversion, earnedMinor }, place) => all + chances[place]! * conversion * earnedMinor, 0);
  }
  return sum / moments;
}

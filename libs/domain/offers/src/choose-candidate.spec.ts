import { uniform, type ArmPolicy } from '@sp/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCandidate, aDecisionInput, aProfile, mccOf } from './builders';
import { chooseCandidate } from './choose-candidate';

import { alwaysOnExperiment, arms, assignArm } from './experiment';
import { weigh as weighIn, type WeighedCandidate } from './weigh';

const weigh = (candidate: ReturnType<typeof aCandidate>): WeighedCandidate => weighIn(candidate, { ...aDecisionInput(), profile: aProfile(), arm: 'model', paceFor: () => undefined });
const epsilon = 0.1;
const someCandidates = fc
  .array(fc.record({ conversion: fc.double({ min: 0, max: 1, noNaN: true }), marginPercent: fc.integer({ min: 0, max: 60 }) }), { minLength: 1, maxLength: 32 })
  .map((rows) => rows.map((over, place) => weigh(aCandidate({ campaignId: `k-${place}`, ...over }))));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
const drawFor = (decision: number) => (purpose: string): number => uniform('decision', decision, purpose);

describe('chooseCandidate', () => {
  it('gives propensities that sum to 1 over the candidates, and a positive one to the chosen, in every arm', () => {
    fc.assert(
      fc.property(someCandidates, fc.constantFrom(...arms), fc.nat(), (eligible, arm, decision) => {
        const { chosen, propensities } = chooseCandidate(arm, eligible, epsilon, drawFor(decision));
        expect(sum(propensities)).toBeCloseTo(chosen === undefined ? 0 : 1, 9);
        if (chosen !== undefined) expect(propensities[chosen]).toBeGreaterThan(0);
      }),
    );
  });

  it.each(['random', 'model', 'holdout'] as const)('chooses in arm %s as often as its propensities say', (arm) => {
    const eligible = [0.1, 0.4, 0.2, 0].map((conversion, place) => weigh(aCandidate({ campaignId: `k-${place}`, conversion })));
    const decisions = 20_000;
    const counts = eligible.map(() => 0);
    let expected: readonly number[] = [];
    for (let decision = 0; decision < decisions; decision++) {
      const { chosen, propensities } = chooseCandidate(arm, eligible, 0.3, drawFor(decision));
      counts[chosen!]!++;
      expected = propensities;
    }
    // Five standard errors of a share over 20,000 draws.
    counts.forEach((count, place) => expect(Math.abs(count / decisions - expected[place]!)).toBeLessThan(0.018));
    expect(expected.map((propensity) => Number(propensity.toFixed(3)))).toEqual(arm === 'random' ? [0.25, 0.25, 0.25, 0.25] : [0.1, 0.8, 0.1, 0]);
  });

  it('never lets the model arm, nor its ghost, choose what is worth nothing', () => {
    fc.assert(
      fc.property(someCandidates, fc.constantFrom<ArmPolicy>('model', 'holdout'), fc.nat(), (eligible, arm, decision) => {
        const { chosen } = chooseCandidate(arm, eligible, 1, drawFor(decision));
        if (chosen === undefined) expect(eligible.every(({ valueMinor }) => valueMinor <= 0)).toBe(true);
        else expect(eligible[chosen]!.valueMinor).toBeGreaterThan(0);
      }),
    );
  });

  it('says of the others whether chance or value decided', () => {
    const eligible = [weigh(aCandidate({ conversion: 0.5 })), weigh(aCandidate({ conversion: 0.2 })), weigh(aCandidate({ marginPercent: 0 }))];
    expect(chooseCandidate('model', eligible, 0, drawFor(1)).lossReasons.slice(1)).toEqual(['lost-on-value', 'value-not-positive']);
    expect(chooseCandidate('model', eligible, 1, drawFor(1)).lossReasons).toEqual(['not-drawn', 'not-drawn', 'value-not-positive']);
    expect(chooseCandidate('random', eligible, 0, drawFor(1)).lossReasons[2]).toBe('not-drawn');
  });

  it('goes by rules to the most used category, there to the most used merchant, there to the highest discount', () => {
    const profile = aProfile({
      categories: [{ mcc: mccOf('m-2'), purchases: 5, averageCheckMinor: 900, lastMs: 0 }, { mcc: mccOf('m-3'), purchases: 4, averageCheckMinor: 900, lastMs: 0 }],
      merchants: [{ merchantId: 'm-3', purchases: 4, lastMs: 0 }],
    });
    const at = (merchantId: string, discountPercent: number): WeighedCandidate => weigh(aCandidate({ merchantId, terms: { discountPercent, validityDays: 7, minimumCheckMinor: 0 } }, profile));
    const choose = (...eligible: WeighedCandidate[]): number | undefined => chooseCandidate('rules', eligible, epsilon, drawFor(1)).chosen;
    expect(choose(at('m-1', 50), at('m-3', 20), at('m-2', 5), at('m-2', 10))).toBe(3);
    expect(choose(at('m-1', 50), at('m-3', 20))).toBe(1);
    expect(choose(at('m-1', 20), at('m-4', 50))).toBe(1);
  });
});

describe('assignArm', () => {
  it('splits clients as the weights say and keeps each in his arm', () => {
    const clients = Array.from({ length: 20_000 }, (_, number) => `c-${number}`);
    const assigned = clients.map((clientId) => assignArm(clientId, alwaysOnExperiment));
    for (const arm of arms) expect(Math.abs(assigned.filter((other) => other === arm).length / clients.length - alwaysOnExperiment.weights[arm])).toBeLessThan(0.018);
    expect(clients.map((clientId) => assignArm(clientId, alwaysOnExperiment))).toEqual(assigned);
  });

  it('shuffles clients anew for another salt', () => {
    const moved = Array.from({ length: 1000 }, (_, number) => assignArm(`c-${number}`, alwaysOnExperiment) !== assignArm(`c-${number}`, { ...alwaysOnExperiment, salt: 'another' }));
    expect(moved.filter(Boolean).length).toBeGreaterThan(500);
  });

  it('refuses an experiment without clients', () => {
    expect(() => assignArm('c-1', { salt: 's', weights: { holdout: 0, random: 0, rules: 0, model: 0 } })).toThrow(RangeError);
  });
});

import { expect, test } from 'vitest';
import { compareArms, type ArmSums } from './compare-arms';

const options = { control: 'holdout', alpha: 0.05, tightestAtClientDays: 20_000, weights: { holdout: 1, random: 0, rules: 0, model: 1 } };

function anArm(arm: string, over: Partial<ArmSums['spend']> = {}): ArmSums {
  const offers = { clients: 500, trials: 1000, trialsSquared: 2200, successes: 100, successesSquared: 120, trialsTimesSuccesses: 230 };
  return { arm, isGhost: arm === 'holdout', spend: { n: 1000, mean: 50_000, variance: 20_000 ** 2, ...over }, clientDays: 10_000, accepted: offers, redeemed: { ...offers, successes: 40, successesSquared: 44, trialsTimesSuccesses: 90 } };
}

test('the model is compared with the holdout, the holdout with nothing', () => {
  const { arms, split } = compareArms([anArm('holdout'), anArm('model', { mean: 60_000 })], options);
  expect(split.state).toBe('as-asked');
  expect(arms[0]).not.toHaveProperty('lift');
  expect(arms[0]).not.toHaveProperty('acceptance');
  expect(arms[1]).toMatchObject({ clients: 1000, exposedClients: 500, offers: 1000, verdict: 'higher', acceptance: { known: true, value: 0.1, n: 1000 } });
  expect(arms[1]?.lift).toMatchObject({ known: true, value: expect.closeTo(0.2, 10) });
});

test('verdict and interval never contradict each other', () => {
  for (const mean of [50_000, 51_000, 52_000, 53_000, 54_000, 40_000]) {
    const model = compareArms([anArm('holdout'), anArm('model', { mean })], options).arms[1];
    if (!model?.lift?.known) throw new Error('no lift');
    expect(model.verdict).toBe(model.lift.low > 0 ? 'higher' : model.lift.high < 0 ? 'lower' : 'not-distinguishable');
  }
});

test('more arms make each comparison more careful', () => {
  const width = (arms: readonly ArmSums[]): number => {
    const lift = compareArms(arms, { ...options, weights: undefined }).arms[1]?.lift;
    return lift?.known ? lift.high - lift.low : 0;
  };
  const two = [anArm('holdout'), anArm('model')];
  expect(width([...two, anArm('random'), anArm('rules')])).toBeGreaterThan(width(two));
});

test('a broken split withholds the verdict', () => {
  const { arms, split } = compareArms([anArm('holdout', { n: 700 }), anArm('model', { mean: 60_000 })], options);
  expect(split.state).toBe('broken');
  expect(arms[1]?.verdict).toBe('split-broken');
});

test('an arm that was asked for and has nobody breaks the split', () => {
  expect(compareArms([anArm('holdout')], options).split.state).toBe('broken');
});

test('the first client of all gives reasons, no figures', () => {
  const [holdout, model] = compareArms([anArm('holdout', { n: 1, variance: 0 }), anArm('model', { n: 0, mean: 0, variance: 0 })], options).arms;
  expect(holdout?.spendPerClientMinor).toEqual({ known: false, reason: 'too-few-observations', n: 1 });
  expect(model?.verdict).toBe('too-few-clients');
});

test('before any time has passed there are reasons, not infinite intervals', () => {
  const atOnce = [anArm('holdout'), anArm('model')].map((arm) => ({ ...arm, clientDays: 0 }));
  const model = compareArms(atOnce, options).arms[1];
  expect(model?.lift).toMatchObject({ known: false, reason: 'too-few-observations' });
  expect(model?.spendPerClientMinor).toMatchObject({ known: false, reason: 'too-few-observations' });
});

import { cautiousPolicy, type DecisionPolicy } from '@sp/contracts';
import { mondayMs } from '@sp/contracts/testing';
import { simulate, trySchedules } from '@sp/dataflow/testing';
import { recommenderFlow } from '@sp/flows';
import { experiments } from '@sp/offers';
import { describe, expect, it } from 'vitest';
import { decisionsScenario } from './decisions-scenario';

it('overspends no budget, breaks no cap and asks for consent, through 20 schedules of faults', { timeout: 120_000 }, async () => {
  let offers = 0;
  const scenario = decisionsScenario((decisions) => (offers += decisions.filter(({ outcome }) => outcome !== 'none').length));
  const { failed } = await trySchedules({ schedules: 20, seed: 1, scenario });
  expect(failed?.message).toBeUndefined();
  expect(offers).toBeGreaterThan(30);
});

it('sees a broken promise: an offer issued twice, a second one in an hour', async () => {
  const scenario = decisionsScenario();
  const twice = (change: (timeMs: number) => number) => ({
    ...scenario,
    expect: (outputs: Parameters<NonNullable<typeof scenario.expect>>[0]) => {
      const again = (outputs.recommender ?? []).flatMap((event) => (event.type === 'decision.made' && event.data.outcome === 'ghost' ? [event, { ...event, timeMs: change(event.timeMs), data: { ...event.data, decisionId: `${event.data.decisionId}-2`, triggerEventId: 'x@1' } }] : [event]));
      scenario.expect?.({ ...outputs, recommender: again });
    },
  });
  const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
  const failures = await Promise.all(seeds.map((seed) => simulate(twice((timeMs) => timeMs + 60_000), seed).then(() => undefined, (error: Error) => error.message)));
  expect(failures.some((message) => message?.includes('in a day'))).toBe(true);
});

it('sees a moment of the night that vanishes', async () => {
  const scenario = decisionsScenario();
  const forgetful = {
    ...scenario,
    expect: (outputs: Parameters<NonNullable<typeof scenario.expect>>[0]) => {
      const kept = (outputs.recommender ?? []).filter((event) => event.type !== 'decision.made' || !event.data.triggerEventId.includes('@'));
      const issued = new Set(kept.flatMap((event) => (event.type === 'decision.made' && event.data.offer ? [event.data.offer.offerId] : [])));
      scenario.expect?.({ ...outputs, recommender: kept.filter((event) => event.type !== 'offer.issued' || issued.has(event.data.offerId)) });
    },
  };
  const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
  const failures = await Promise.all(seeds.map((seed) => simulate(forgetful, seed).then(() => undefined, (error: Error) => error.message)));
  expect(failures.some((message) => message?.includes('has vanished'))).toBe(true);
});

describe('sees a planted bug', () => {
  type Scenario = ReturnType<typeof decisionsScenario>;
  const uncapped: DecisionPolicy = { ...cautiousPolicy, version: 'uncapped', contact: { ...cautiousPolicy.contact, dailyCap: 100, weeklyCap: 100, campaignCap: 100, reofferDays: 0 } };
  const sleepless: DecisionPolicy = { ...cautiousPolicy, version: 'sleepless', contact: { ...cautiousPolicy.contact, quietFromHour: 0, quietUntilHour: 0 } };
  const under = (policy: DecisionPolicy) => (scenario: Scenario): Scenario => ({ ...scenario, facts: (random) => [...scenario.facts!(random), { type: 'policy.published', id: 'policy', source: 'test', subject: 'policy', timeMs: mondayMs, data: { policy, by: 'test' } }] });

  it.each<[string, string, (scenario: Scenario) => Scenario]>([
    ['caps that nobody keeps', 'was offered', under(uncapped)],
    ['nights that nobody keeps', 'disturbed at night', under(sleepless)],
    ['a holdout that gets offers', 'of the holdout got an offer', (scenario) => ({ ...scenario, flows: [recommenderFlow(experiments['all-random'])] })],
    ['a budget granted twice', 'granted of', (scenario) => ({ ...scenario, facts: (random) => scenario.facts!(random).map((fact) => (fact.type === 'campaign.published' ? { ...fact, data: { ...fact.data, budgetMinor: 2 * fact.data.budgetMinor } } : fact)) })],
  ])('%s', async (_, told, plant) => {
    const { failed } = await trySchedules({ schedules: 100, seed: 1, scenario: plant(decisionsScenario()) });
    expect(failed?.message).toContain(told);
  });
});

import type { DecisionScored, LineEvent, LineEventOf, ScoredCandidate } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { trySchedules, type Random } from '@sp/dataflow/testing';
import { decisionIdOf } from '@sp/offers';
import { expect, it } from 'vitest';
import { recommenderFlow } from './recommender-flow';

const hourMs = 3_600_000;
const clients = Array.from({ length: 12 }, (_, number) => `c-${number}`);
const campaigns = ['k-1', 'k-2', 'k-3'];
const terms = { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1000 };

function candidate(campaignId: string, conversion: number): ScoredCandidate {
  return {
    campaignId, merchantId: campaignId.replace('k', 'm'), terms, objective: 'spend', currency: 'EUR', marginPercent: 30, retrievedBy: 'popular', conversion, expectedCheckMinor: 2_000, knownMerchant: false,
    features: [1, conversion],
  };
}

function scored(random: Random, number: number, subject: string, timeMs: number): DecisionScored {
  const data: DecisionScored['data'] = {
    scenario: 'event', trigger: 'app-opened', triggerEventId: `trigger-${number}`, vector: [1], modelVersion: 'm1', candidates: campaigns.slice(0, random.between(0, 3)).map((campaignId) => candidate(campaignId, random.between(1, 40) / 100)),
    profile: { segment: 'mass', timeZone: 'UTC', offersConsent: random.chance(0.9), merchants: [], categories: [], averageCheckMinor: 2_000, attributes: {} },
  };
  return { type: 'decision.scored', id: `s-${number}`, source: 'test', subject, timeMs, data };
}

function someEvent(random: Random, number: number, timeMs: number): LineEvent {
  const base = { id: `e-${number}`, subject: random.pick(clients), timeMs };
  const draw = random.below(20);
  if (draw < 11) return scored(random, number, base.subject, timeMs);
  if (draw < 14) return anEvent('transaction.authorised', { ...base, data: { transactionId: `t-${number}`, merchantId: random.pick(['m-1', 'm-2']), amountMinor: 4_000 } });
  if (draw < 15) return anEvent('client.registered', base);
  if (draw < 16) return anEvent('client.erasure.requested', base);
  return { ...base, subject: 'clock', type: 'clock.ticked', source: 'test', data: {} };
}

function someEvents(random: Random): LineEvent[] {
  let timeMs = mondayMs + 9 * hourMs;
  return Array.from({ length: random.between(15, 40) }, (_, number) => someEvent(random, number, (timeMs += random.pick([0, 1, hourMs / 4, 7 * hourMs, 25 * hourMs]))));
}

/** One of the budgets is gone after an offer or two. */
const anExperiment: LineEvent = {
  type: 'experiment.published', id: 'x-1', source: 'test', subject: 'quiet', timeMs: mondayMs, data: {
    experimentId: 'quiet', hypothesis: 'h', within: 'model', share: 0.5, control: 'now', arms: [{ arm: 'now', policy: 'model', weight: 1 }, { arm: 'none', policy: 'holdout', weight: 1 }], metrics: ['spend'], guardrails: [],
    horizonDays: 7, epoch: 1, salt: 'quiet-1', state: 'running', from: 0, declaredBy: 'ann', startedBy: 'bob', reason: 'r',
  },
};

const someFacts = (): LineEvent[] => [anExperiment, ...campaigns.map((campaignId, place) => anEvent('campaign.published', { id: campaignId, data: { campaignId, merchantId: campaignId.replace('k', 'm'), budgetMinor: place === 0 ? 3_000 : 1_000_000 } }))];

const of = <T extends LineEvent['type']>(events: readonly LineEvent[], type: T): LineEventOf<T>[] => events.filter((event): event is LineEventOf<T> => event.type === type);

it('decides every due moment once and makes no offer twice, through 200 schedules of faults', { timeout: 300_000 }, async () => {
  let offers = 0;
  const { failed } = await trySchedules({
    schedules: 200, seed: 1,
    scenario: {
      flows: [recommenderFlow()], events: someEvents, facts: someFacts,
      expect: ({ ingest: inputs = [], recommender: outputs = [] }) => {
        const decisions = of(outputs, 'decision.made').map(({ data }) => data);
        const issued = of(outputs, 'offer.issued').map(({ data }) => data);
        const direct = decisions.filter(({ triggerEventId }) => !triggerEventId.includes('@')).map(({ decisionId }) => decisionId);
        expect(direct).toEqual(of(inputs, 'decision.scored').map(({ subject, data }) => decisionIdOf(subject, data.triggerEventId, data.scenario)));
        expect(new Set(decisions.map(({ decisionId }) => decisionId)).size).toBe(decisions.length);
        expect(new Set(issued.map(({ offerId }) => offerId)).size).toBe(issued.length);
        expect(issued).toEqual(decisions.filter(({ outcome }) => outcome === 'offer').map(({ offer }) => offer));
        offers += issued.length;
      },
    },
  });
  expect(failed?.message).toBeUndefined();
  expect(offers).toBeGreaterThan(150);
});

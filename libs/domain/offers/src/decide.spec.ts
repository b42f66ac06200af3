import { cautiousPolicy, type ContactState, type DecisionScoredData, type NoOfferReason, type RemovalReason } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { aCampaign, aCandidate, aDecisionInput, amplyFunded, aProfile, funded, aScored, inArm, noonMs } from './builders';
import { noContact } from './contact-state';
import { dayMs } from './day-ms';
import { decide, decisionIdOf, noModelVersion, rulesVersion, type DecisionInput } from './decide';
import { arms } from './experiment';

const hourMs = dayMs / 24;
const exposedAt = (...timesMs: number[]): ContactState => ({ ...noContact, exposures: timesMs.map((timeMs) => ({ campaignId: 'k-9', timeMs, ghost: false })) });
const declinedAt = (merchantId: string, timeMs: number): ContactState => ({ ...noContact, declines: [{ merchantId, timeMs }] });
const scoredBy = (over: Partial<DecisionScoredData>): Partial<DecisionInput> => ({ scored: aScored(over) });

describe('decide', () => {
  it('offers the candidate of the best value and says all that explains it', () => {
    const candidates = [aCandidate({ campaignId: 'k-1', conversion: 0.1 }), aCandidate({ campaignId: 'k-2', conversion: 0.3 })];
    const { record, reserved } = decide(aDecisionInput({ scored: aScored({ candidates }) }));
    const terms = { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1000, maximumDiscountMinor: 600 };
    expect(record).toMatchObject({
      outcome: 'offer', reason: 'chosen', arm: 'model', propensity: 1, exploration: false, experimentId: 'always-on', epoch: 1,
      versions: { model: 'm1', features: 'f1', policy: 'cautious-2' }, features: [7, ...candidates[1]!.features],
      offer: { campaignId: 'k-2', merchantId: 'm-2', clientId: 'c-1', currency: 'EUR', terms, arm: 'model', validUntil: '2026-01-12T12:00:00.000Z' },
    });
    expect(record.considered.map(({ campaignId, valueMinor, removedBy }) => [campaignId, Math.round(valueMinor), removedBy])).toEqual([['k-1', 40, 'lost-on-value'], ['k-2', 120, undefined]]);
    expect(reserved).toEqual({ campaignId: 'k-2', arm: 'model', reservedMinor: 600, spentMinor: 0 });
  });

  it('decides alike at every replay, under an id made of client, trigger and scenario', () => {
    const input = aDecisionInput({ experiment: inArm('random'), scored: aScored({ candidates: ['k-1', 'k-2', 'k-3'].map((campaignId) => aCandidate({ campaignId })) }) });
    expect(decide(input)).toEqual(decide({ ...input, scored: structuredClone(input.scored) }));
    expect(decide(input).record.decisionId).toBe(decisionIdOf('c-1', 'e-1', 'event'));
    expect(decisionIdOf('c-1', 'e-1', 'timer')).not.toBe(decisionIdOf('c-1', 'e-1', 'event'));
  });

  it('remembers the exposure and the live offer', () => {
    const { contact, record } = decide(aDecisionInput());
    expect(contact).toEqual({ exposures: [{ campaignId: 'k-1', timeMs: noonMs, ghost: false }], declines: [], live: [{ offer: record.offer, issuedAtMs: noonMs }] });
  });

  const barriers: [NoOfferReason, string, Partial<DecisionInput>][] = [
    ['no-consent', 'the client has not agreed', scoredBy({ profile: aProfile({ offersConsent: false }) })],
    ['quiet-hours', 'it is 22:00 where the client is', scoredBy({ profile: aProfile({ timeZone: 'Australia/Brisbane' }) })],
    ['quiet-hours', 'it is 07:00 where the client is', scoredBy({ profile: aProfile({ timeZone: 'America/New_York' }) })],
    ['daily-cap', 'he had an offer 23 hours ago', { contact: exposedAt(noonMs - 23 * hourMs) }],
    ['weekly-cap', 'he had three offers in six days', { contact: exposedAt(noonMs - 6 * dayMs, noonMs - 4 * dayMs, noonMs - 2 * dayMs) }],
    ['cool-down', 'he declined six days ago', { contact: declinedAt('m-9', noonMs - 6 * dayMs) }],
    ['no-candidates', 'nothing was retrieved', scoredBy({ candidates: [] })],
    ['no-model', 'no model is active', scoredBy({ modelVersion: noModelVersion })],
    ['no-eligible-candidate', 'the only campaign is over', { campaigns: { find: () => undefined } }],
    ['no-positive-value', 'the discount eats the margin', scoredBy({ candidates: [aCandidate({ marginPercent: 10 })] })],
  ];
  it.each(barriers)('offers nothing (%s) when %s', (reason, _, over) => {
    const { record, reserved, contact } = decide(aDecisionInput(over));
    expect(record).toMatchObject({ outcome: 'none', reason, propensity: 1, features: [7] });
    expect(record.offer).toBeUndefined();
    expect(reserved).toBeUndefined();
    expect(contact).toEqual(over.contact ?? noContact);
  });

  const open: [string, Partial<DecisionInput>][] = [
    ['it is 21:59 where the client is', { timeMs: noonMs - 60_000, ...scoredBy({ profile: aProfile({ timeZone: 'Australia/Brisbane' }) }) }],
    ['it is 08:00 where the client is', { timeMs: noonMs + hourMs, ...scoredBy({ profile: aProfile({ timeZone: 'America/New_York' }) }) }],
    ['the last offer is a day old', { contact: exposedAt(noonMs - dayMs) }],
    ['the last decline is a week old', { contact: declinedAt('m-9', noonMs - 7 * dayMs) }],
    ['he asked himself in the night', scoredBy({ trigger: 'requested', profile: aProfile({ timeZone: 'Australia/Brisbane' }) })],
    ['no model is active, but his arm is random', { experiment: inArm('random'), ...scoredBy({ modelVersion: noModelVersion }) }],
    ['the discount eats the margin, but the rules stand in the place of the model', scoredBy({ modelVersion: rulesVersion, candidates: [aCandidate({ marginPercent: 10 })] })],
    ['the discount eats the margin, but his arm is rules', { experiment: inArm('rules'), ...scoredBy({ candidates: [aCandidate({ marginPercent: 10 })] }) }],
  ];
  it.each(open)('offers when %s', (_, over) => expect(decide(aDecisionInput(over)).record.outcome).toBe('offer'));

  it('holds a client to his caps even when he asks himself', () => {
    const scored = aScored({ trigger: 'requested' });
    expect(decide(aDecisionInput({ scored, contact: exposedAt(noonMs - hourMs) })).record.reason).toBe('daily-cap');
  });

  const found = (over: Parameters<typeof aCampaign>[0]): Partial<DecisionInput> => ({ campaigns: { find: () => aCampaign(over) } });
  const live = (over: { merchantId?: string; validUntil?: string }): ContactState => {
    const { offer } = decide(aDecisionInput()).record;
    return { ...noContact, live: [{ offer: { ...offer!, ...over }, issuedAtMs: noonMs - 2 * dayMs }] };
  };
  const removals: [RemovalReason, string, Partial<DecisionInput>][] = [
    ['campaign-paused', 'an operator paused it', found({ paused: true })],
    ['campaign-not-running', 'it has ended', found({ endsAt: '2026-01-05T12:00:00Z' })],
    ['campaign-not-running', 'it has not begun', found({ startsAt: '2026-01-05T12:00:01Z' })],
    ['outside-audience', 'the segment is another', found({ audience: { segment: ['premium'] } })],
    ['outside-audience', 'an attribute is unknown', found({ audience: { hasCar: [true] } })],
    ['already-customer', 'it is for new clients of the merchant', { ...found({ objective: 'new-merchant' }), ...scoredBy({ profile: aProfile({ merchants: [{ merchantId: 'm-1', purchases: 1, lastMs: 0 }] }) }) }],
    ['declined-recently', 'its merchant was declined 29 days ago', { contact: declinedAt('m-1', noonMs - 29 * dayMs) }],
    ['live-offer-exists', 'an offer of the merchant still runs', { contact: live({}) }],
    ['recently-offered', 'it was offered 13 days ago', { contact: { ...noContact, exposures: [{ campaignId: 'k-1', timeMs: noonMs - 13 * dayMs, ghost: false }] } }],
    ['budget-exhausted', 'less is left than it could cost', { budget: funded(599) }],
    ['value-not-positive', 'nothing is known of what would be spent', scoredBy({ candidates: [aCandidate({ expectedCheckMinor: 0 })] })],
    ['value-not-positive', 'the model expects a loss', scoredBy({ candidates: [aCandidate({ marginPercent: 10 })] })],
  ];
  it.each(removals)('removes a candidate (%s) when %s', (reason, _, over) => {
    expect(decide(aDecisionInput(over)).record.considered.map(({ removedBy }) => removedBy)).toEqual([reason]);
  });

  it('forgets what lies far enough back', () => {
    const contact: ContactState = { ...declinedAt('m-1', noonMs - 30 * dayMs), exposures: [{ campaignId: 'k-1', timeMs: noonMs - 14 * dayMs, ghost: false }], live: live({ validUntil: '2026-01-05T11:59:59Z' }).live };
    expect(decide(aDecisionInput({ contact })).record.outcome).toBe('offer');
  });

  it('offers beside a live offer of another merchant', () => {
    expect(decide(aDecisionInput({ contact: live({ merchantId: 'm-9' }) })).record.outcome).toBe('offer');
  });

  it('takes the ghosts of an earlier epoch for no contacts', () => {
    const ghosts: ContactState = { ...noContact, exposures: [{ campaignId: 'k-1', timeMs: noonMs - hourMs, ghost: true }] };
    expect(decide(aDecisionInput({ contact: ghosts })).record.outcome).toBe('offer');
    expect(decide(aDecisionInput({ contact: ghosts, experiment: inArm('holdout') })).record.reason).toBe('daily-cap');
  });

  it('keeps to the maximum discount that a campaign names, in value and in reservation', () => {
    const terms = { discountPercent: 50, validityDays: 1, minimumCheckMinor: 0, maximumDiscountMinor: 100 };
    const { record, reserved } = decide(aDecisionInput({ scored: aScored({ candidates: [aCandidate({ terms })] }) }));
    expect(record.considered[0]?.valueMinor).toBeCloseTo(0.1 * (600 - 100));
    expect(reserved?.reservedMinor).toBe(100);
  });

  it('makes of the holdout the ghost of what the model arm would do, exploration included', () => {
    let explored = 0;
    for (let turn = 0; turn < 300; turn++) {
      const candidates = ['k-1', 'k-2', 'k-3'].map((campaignId, place) => aCandidate({ campaignId, conversion: ((turn * 7 + place * 3) % 10) / 10 }));
      const input = aDecisionInput({ clientId: `c-${turn}`, policy: cautiousPolicy, scored: aScored({ candidates }) });
      const real = decide(input).record;
      const ghost = decide({ ...input, experiment: inArm('holdout') }).record;
      expect(ghost).toEqual({ ...real, arm: 'holdout', outcome: 'ghost', offer: { ...real.offer, arm: 'holdout' } });
      explored += Number(real.exploration);
    }
    expect(explored).toBeGreaterThan(0);
  });

  it('asks for the budget of the client’s own arm', () => {
    for (const arm of arms) {
      const budget = { cellOf: (_: string, asked: string) => (asked === arm ? amplyFunded.cellOf('k-1', arm) : undefined) };
      expect(decide(aDecisionInput({ experiment: inArm(arm), budget })).reserved?.arm).toBe(arm);
    }
  });
});

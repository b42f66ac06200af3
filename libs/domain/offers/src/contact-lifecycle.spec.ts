import { cautiousPolicy, uniform, type ArmPolicy, type ContactState, type IssuedOffer, type LineEvent, type Outcome } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { describe, expect, it } from 'vitest';
import { assignOnFirstSight } from './assignment';
import { foldOpenOffers, wakeOpenOffers, type AttributionStep, type OpenOffers } from './attribution';
import { BudgetLedger } from './budget-ledger';
import { aCampaign, aCandidate, aDecisionInput, aScored, inArm, madeAt, noonMs } from './builders';
import { contactWakeAtMs, foldContact, wakeContact, type ContactStep } from './contact-state';
import { dayMs } from './day-ms';
import { decide } from './decide';
import { arms } from './experiment';

const hourMs = dayMs / 24;
/** So that budgets come to their end within the year. */
const unpaced = { ...cautiousPolicy, budget: { ...cautiousPolicy.budget, headStart: 1, dearFrom: 1 } };
const campaignIds = Array.from({ length: 12 }, (_, number) => `k-${number}`);
const budgetMinor = 30_000;
const responses = ['viewed', 'accepted', 'declined', 'redeemed', 'refused-by-merchant'] as const;
const findCampaign = (campaignId: string) => aCampaign({ campaignId, endsAt: '2028-01-01T00:00:00Z' });

/** A recommender and a feedback loop in memory, with clients of one arm who are met, answer and buy at random. */
class OneArmLine {
  readonly issues: { readonly clientId: string; readonly timeMs: number }[] = [];
  readonly outcomes: Outcome[] = [];
  readonly reasons = new Set<string>();
  readonly ledger: BudgetLedger;
  private readonly contacts = new Map<string, ContactState>();
  private readonly open = new Map<string, OpenOffers>();

  constructor(private readonly arm: ArmPolicy) {
    this.ledger = new BudgetLedger({ partition: 0, partitions: 1, weights: { ...inArm(arm).weights, model: 1 } });
    campaignIds.forEach((campaignId) => this.ledger.grant(campaignId, budgetMinor));
  }

  liveThroughAYear(): this {
    for (let hour = 0; hour < 9000; hour++) this.liveThroughAnHour(hour);
    for (const clientId of this.contacts.keys()) this.wake(clientId, Infinity);
    return this;
  }

  private liveThroughAnHour(hour: number): void {
    const draw = (purpose: string): number => uniform(this.arm, hour, purpose);
    const clientId = `c-${Math.floor(draw('client') * 20)}`;
    const timeMs = noonMs + hour * hourMs;
    this.wake(clientId, timeMs);
    this.decide(clientId, timeMs, draw);
    const { live } = this.contacts.get(clientId)!;
    const offer = live[Math.floor(draw('offer') * live.length)]?.offer;
    if (offer) this.answer(clientId, timeMs, offer, draw);
  }

  private decide(clientId: string, timeMs: number, draw: (purpose: string) => number): void {
    const terms = { discountPercent: 10, validityDays: 5, minimumCheckMinor: 0 };
    const candidates = campaignIds.map((campaignId) => aCandidate({ campaignId, conversion: draw(campaignId), terms }));
    const trigger = draw('requested') < 0.5 ? 'requested' : 'app-opened';
    const { record, contact, reserved } = decide(aDecisionInput({
      scored: aScored({ triggerEventId: `e-${timeMs}`, trigger, candidates }), clientId, timeMs, experiment: inArm(this.arm),
      contact: this.contacts.get(clientId), budget: this.ledger, campaigns: { find: findCampaign }, policy: unpaced,
    }));
    this.contacts.set(clientId, contact);
    if (reserved) this.ledger.move(reserved);
    this.attribute(clientId, foldOpenOffers(this.open.get(clientId), madeAt(timeMs, record)));
    if (record.outcome !== 'none') this.issues.push({ clientId, timeMs });
    [record.reason, ...record.considered.map(({ removedBy }) => removedBy ?? 'chosen')].forEach((reason) => this.reasons.add(reason));
  }

  private answer(clientId: string, timeMs: number, { offerId, merchantId }: IssuedOffer, draw: (purpose: string) => number): void {
    const response = responses[Math.floor(draw('response') * responses.length)]!;
    if (this.arm !== 'holdout' && draw('responds') < 0.2) this.pass(clientId, anEvent('offer.responded', { timeMs, data: { offerId, response } }));
    if (draw('buys') > 0.5) return;
    const bought = anEvent('transaction.authorised', { timeMs, data: { transactionId: `t-${timeMs}`, merchantId, amountMinor: 1 + Math.floor(draw('amount') * 20_000) } });
    for (let copy = 0; copy < 2; copy++) this.pass(clientId, bought);
  }

  private pass(clientId: string, event: LineEvent): void {
    this.settle(clientId, foldContact(this.contacts.get(clientId), event));
    this.attribute(clientId, foldOpenOffers(this.open.get(clientId), event));
  }

  private wake(clientId: string, timeMs: number): void {
    this.settle(clientId, wakeContact(this.contacts.get(clientId), timeMs));
    this.attribute(clientId, wakeOpenOffers(this.open.get(clientId), timeMs));
  }

  private settle(clientId: string, { state, movements }: ContactStep): void {
    if (state) this.contacts.set(clientId, state);
    movements.forEach((movement) => this.ledger.move(movement));
  }

  private attribute(clientId: string, { state, outcomes }: AttributionStep): void {
    if (state) this.open.set(clientId, state);
    this.outcomes.push(...outcomes);
  }
}

describe.each(arms)('a year of clients in arm %s', (arm) => {
  const { issues, outcomes, ledger, reasons } = new OneArmLine(arm).liveThroughAYear();

  it('never brings anybody more than one offer in a day nor three in a week', () => {
    expect([...reasons]).toEqual(expect.arrayContaining(['chosen', 'daily-cap', 'weekly-cap', 'quiet-hours', 'recently-offered']));
    for (const { clientId, timeMs } of issues) {
      const within = (days: number): number => issues.filter((other) => other.clientId === clientId && other.timeMs <= timeMs && other.timeMs > timeMs - days * dayMs).length;
      expect(within(1)).toBe(1);
      expect(within(7)).toBeLessThanOrEqual(3);
    }
  });

  it('ends each offer in one outcome', () => {
    expect(outcomes.map(({ offer }) => offer.offerId).sort()).toEqual([...new Set(outcomes.map(({ offer }) => offer.offerId))].sort());
    expect(outcomes).toHaveLength(issues.length);
    expect(outcomes.filter(({ redeemed }) => redeemed).length).toBeGreaterThan(20);
  });

  it('spends no more than was granted, all that it reserved is settled, and both folds count the same discounts', () => {
    expect(reasons).toContain('budget-exhausted');
    for (const campaignId of campaignIds) {
      const { grantedMinor, reservedMinor, spentMinor } = ledger.cellOf(campaignId, arm)!;
      expect(reservedMinor).toBe(0);
      expect(spentMinor).toBeLessThanOrEqual(grantedMinor);
      const paid = outcomes.filter(({ offer }) => offer.campaignId === campaignId).reduce((sum, outcome) => sum + outcome.discountMinor, 0);
      // What was reported but never seen bought is taken to have cost all it could.
      expect(paid).toBeLessThanOrEqual(spentMinor);
      if (arm === 'holdout') expect(paid).toBe(spentMinor);
    }
  });
});

describe('foldContact', () => {
  const { contact, record, reserved } = decide(aDecisionInput());
  const offerId = record.offer!.offerId;
  const respond = (response: 'declined' | 'redeemed') => anEvent('offer.responded', { timeMs: noonMs + dayMs, data: { offerId, response } });
  const freed = { ...reserved, reservedMinor: -600 };

  it('frees the reservation at a decline, and remembers whom it was about', () => {
    const { state, movements } = foldContact(contact, respond('declined'));
    expect(movements).toEqual([freed]);
    expect(state).toEqual({ ...contact, live: [], declines: [{ merchantId: 'm-1', timeMs: noonMs + dayMs }] });
    expect(foldContact(state, respond('declined'))).toEqual({ state, movements: [] });
  });

  it('spends the discount at the purchase and frees the rest, once', () => {
    const bought = anEvent('transaction.authorised', { timeMs: noonMs + dayMs, data: { amountMinor: 1500 } });
    const { state, movements } = foldContact(contact, bought);
    expect(movements).toEqual([{ ...freed, spentMinor: 150 }]);
    expect(foldContact(state, bought).movements).toEqual([]);
  });

  it('gives the discount back to the budget when its purchase is taken back, in part or whole, once', () => {
    const { state } = foldContact(contact, anEvent('transaction.authorised', { timeMs: noonMs + dayMs, data: { amountMinor: 1500 } }));
    const back = (amountMinor: number, isWhole: boolean): LineEvent => ({
      type: 'purchase.reversed', id: 'r-1', source: 'test', subject: 'c-1', timeMs: noonMs + 2 * dayMs, data: { transactionId: 't-1', amountMinor, isWhole, currency: 'EUR', channel: 'offline' },
    });
    const part = foldContact(state, back(500, false));
    expect(part.movements).toEqual([{ campaignId: 'k-1', arm: 'model', reservedMinor: 0, spentMinor: -50 }]);
    const whole = foldContact(part.state, back(1000, true));
    expect(whole.movements).toEqual([{ campaignId: 'k-1', arm: 'model', reservedMinor: 0, spentMinor: -100 }]);
    expect(foldContact(whole.state, back(1500, true)).movements).toEqual([]);
  });

  it('frees the reservation when time and grace are over, but spends it if a redemption was reported and never seen', () => {
    const endMs = contactWakeAtMs(contact)!;
    expect(endMs).toBe(noonMs + 8 * dayMs);
    expect(wakeContact(contact, endMs - 1).movements).toEqual([]);
    expect(wakeContact(contact, endMs).movements).toEqual([freed]);
    expect(wakeContact(foldContact(contact, respond('redeemed')).state, endMs).movements).toEqual([{ ...freed, spentMinor: 600 }]);
    expect(contactWakeAtMs(wakeContact(contact, endMs).state)).toBeUndefined();
  });

  it('frees everything at an erasure and forgets the client', () => {
    expect(foldContact(contact, anEvent('client.erasure.requested'))).toEqual({ state: undefined, movements: [freed] });
  });
});

describe('assignOnFirstSight', () => {
  it('announces the arm once in an epoch', () => {
    const first = assignOnFirstSight(undefined, 'c-1', inArm('rules'));
    expect(first.assigned).toEqual({ experimentId: 'always-on', epoch: 1, arm: 'rules' });
    expect(assignOnFirstSight(first.contact, 'c-1', inArm('rules'))).toEqual({ contact: first.contact });
    expect(assignOnFirstSight(first.contact, 'c-1', { ...inArm('model'), epoch: 2 }).assigned).toMatchObject({ epoch: 2, arm: 'model' });
  });
});

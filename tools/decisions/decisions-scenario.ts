import { cautiousPolicy, type DecisionScored, type LineEvent, type LineEventOf, type LoggedDecision, type Outcome, type ScoredCandidate, type StageName } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { Random, Scenario } from '@sp/dataflow/testing';
import { quietEndsMs } from '@sp/features';
import { recommenderFlow, type Watch } from '@sp/flows';
import { alwaysOnExperiment, assignArm, decisionIdOf, foldOpenOffers, wakeOpenOffers, type OpenOffers } from '@sp/offers';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const clients = Array.from({ length: 12 }, (_, number) => `c-${number}`);
/** The first is gone after an offer or two, the second lives on what comes back. */
const budgets: Readonly<Record<string, number>> = { 'k-1': 1_500, 'k-2': 12_000, 'k-3': 1_000_000 };
const campaigns = Object.keys(budgets);
const terms = { discountPercent: 10, validityDays: 5, minimumCheckMinor: 1000 };

/** What the decisions promise whatever happens to the processes: thrown where it does not hold. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** The recommender's own fold under faults: clients who are met, answer, buy, take back, withdraw and are forgotten, with scarce budgets. */
export function decisionsScenario(onDecided: (decisions: readonly LoggedDecision[]) => void = () => undefined): Scenario {
  return {
    flows: [recommenderFlow(alwaysOnExperiment, (decisions) => campaigns.forEach((campaignId) => checkBudget(campaignId, decisions.budget)))],
    events: someEvents,
    facts: () => campaigns.map((campaignId) => anEvent('campaign.published', { id: campaignId, data: { campaignId, merchantId: merchantOf(campaignId), budgetMinor: budgets[campaignId]! } })),
    expect: (outputs) => onDecided(judge(outputs)),
  };
}

type Ledger = Parameters<Watch>[0]['budget'];

/** After each event, in every arm: nothing below zero, what is promised and spent within what was granted, and that within the budget. */
function checkBudget(campaignId: string, budget: Ledger): void {
  let paying = 0;
  for (const arm of ['holdout', 'random', 'rules', 'model'] as const) {
    const cell = budget.cellOf(campaignId, arm);
    if (!cell) return;
    const { grantedMinor, reservedMinor, spentMinor } = cell;
    if (reservedMinor < 0 || spentMinor < 0 || reservedMinor + spentMinor > grantedMinor) throw new BrokenPromise(`${campaignId}, ${arm}: ${reservedMinor} reserved and ${spentMinor} spent of ${grantedMinor}`);
    if (arm !== 'holdout') paying += grantedMinor;
  }
  if (paying > budgets[campaignId]!) throw new BrokenPromise(`${campaignId}: ${paying} granted of ${budgets[campaignId]}`);
}

function judge({ ingest: inputs = [], recommender: outputs = [] }: Readonly<Partial<Record<StageName, readonly LineEvent[]>>>): LoggedDecision[] {
  const decisions = of(outputs, 'decision.made');
  checkOnce(of(inputs, 'decision.scored'), decisions);
  checkIssued(decisions, of(outputs, 'offer.issued'));
  const forgotten = new Set(of(inputs, 'client.erasure.requested').map(({ subject }) => subject));
  for (const clientId of clients) if (!forgotten.has(clientId)) checkCaps(clientId, decisions);
  checkSpending(inputs, outputs, forgotten);
  checkMoved(inputs, outputs);
  return decisions.map(({ data }) => data);
}

function checkOnce(scored: readonly LineEventOf<'decision.scored'>[], decisions: readonly LineEventOf<'decision.made'>[]): void {
  const direct = decisions.filter(({ data }) => !data.triggerEventId.includes('@')).map(({ data }) => data.decisionId);
  const expected = scored.map(({ subject, data }) => decisionIdOf(subject, data.triggerEventId, data.scenario));
  if (JSON.stringify(direct) !== JSON.stringify(expected)) throw new BrokenPromise(`${scored.length} moments were due, ${direct.length} decided, or in another order`);
  if (new Set(decisions.map(({ data }) => data.decisionId)).size !== decisions.length) throw new BrokenPromise('a decision was made twice');
  const unwanted = scored.filter(({ data }) => !data.profile.offersConsent).map(({ subject, data }) => decisionIdOf(subject, data.triggerEventId, data.scenario));
  const broken = decisions.find(({ data }) => data.outcome !== 'none' && unwanted.includes(data.decisionId));
  if (broken) throw new BrokenPromise(`${broken.subject} got an offer without consent`);
}

function checkIssued(decisions: readonly LineEventOf<'decision.made'>[], issued: readonly LineEventOf<'offer.issued'>[]): void {
  const decided = decisions.flatMap(({ data }) => (data.outcome === 'offer' ? [data.offer!.offerId] : []));
  if (JSON.stringify(issued.map(({ data }) => data.offerId)) !== JSON.stringify(decided)) throw new BrokenPromise('an offer was issued that was not decided, or the other way round');
  const toHoldout = issued.find(({ subject }) => assignArm(subject, alwaysOnExperiment) === 'holdout');
  if (toHoldout) throw new BrokenPromise(`${toHoldout.subject} of the holdout got an offer`);
}

/** One offer, or ghost, in any 24 hours, three in any 7 days. */
function checkCaps(clientId: string, decisions: readonly LineEventOf<'decision.made'>[]): void {
  const times = decisions.filter(({ subject, data }) => subject === clientId && data.outcome !== 'none').map(({ timeMs }) => timeMs);
  for (const timeMs of times) {
    const within = (days: number): number => times.filter((other) => other <= timeMs && other > timeMs - days * dayMs).length;
    if (within(1) > 1 || within(7) > 3) throw new BrokenPromise(`${clientId} was offered ${within(1)} in a day, ${within(7)} in a week`);
  }
}

/**
 * A moment that fell into quiet hours is decided at their end: once event time has come there, unless the client was offered something before,
 * withdrew, was erased, or a later moment of the same night has taken its place. And nobody who did not ask is offered anything in them.
 */
function checkMoved(inputs: readonly LineEvent[], outputs: readonly LineEvent[]): void {
  const decisions = of(outputs, 'decision.made');
  for (const [place, event] of outputs.entries()) {
    if (event.type !== 'decision.made' || event.data.movedToMs === undefined) continue;
    const { subject, data: { movedToMs, triggerEventId } } = event;
    const later = outputs.slice(place + 1);
    const hasCome = later.some(({ type, timeMs }) => type === 'clock.ticked' && timeMs >= movedToMs);
    const ended = inputs.some((input) => input.subject === subject && (input.type === 'client.erasure.requested' || input.type === 'client.consent.changed'));
    const answered = of(later, 'decision.made').some(({ subject: other, data }) => other === subject && (data.triggerEventId === `${triggerEventId}@${movedToMs}` || data.movedToMs !== undefined || data.outcome !== 'none'));
    if (hasCome && !ended && !answered) throw new BrokenPromise(`${subject}: the moment of ${triggerEventId}, moved to ${new Date(movedToMs).toISOString()}, has vanished`);
  }
  const awake = decisions.find(({ timeMs, data }) => data.outcome !== 'none' && data.inputs && quietEndsMs(timeMs, data.inputs.profile.timeZone, cautiousPolicy.contact) !== undefined);
  if (awake) throw new BrokenPromise(`${awake.subject} was disturbed at night`);
}

/** By the feedback loop's own attribution, which knows no ledger: the discounts given stay within each budget. Not where purchases are taken back: what returns is given again. */
function checkSpending(inputs: readonly LineEvent[], outputs: readonly LineEvent[], forgotten: ReadonlySet<string>): void {
  if (of(inputs, 'purchase.reversed').length > 0) return;
  const states = new Map<string, OpenOffers | undefined>();
  const outcomes: Outcome[] = [];
  for (const event of outputs.filter(({ type }) => type === 'decision.made' || type === 'transaction.authorised' || type === 'offer.responded')) {
    const woken = wakeOpenOffers(states.get(event.subject), event.timeMs);
    const step = foldOpenOffers(woken.state, event);
    states.set(event.subject, step.state);
    outcomes.push(...woken.outcomes, ...step.outcomes);
  }
  for (const campaignId of campaigns) {
    const given = outcomes.filter(({ offer, ghost }) => !ghost && offer.campaignId === campaignId && !forgotten.has(offer.clientId));
    const spentMinor = given.reduce((sum, { discountMinor }) => sum + discountMinor, 0);
    if (spentMinor > budgets[campaignId]!) throw new BrokenPromise(`${campaignId}: discounts of ${spentMinor} on a budget of ${budgets[campaignId]}`);
  }
}

function someEvents(random: Random): LineEvent[] {
  let timeMs = mondayMs + 9 * hourMs;
  const bought: string[] = [];
  return Array.from({ length: random.between(15, 40) }, (_, number) => someEvent(random, number, (timeMs += random.pick([0, 1, hourMs / 4, 7 * hourMs, 25 * hourMs])), bought));
}

function someEvent(random: Random, number: number, timeMs: number, bought: string[]): LineEvent {
  // Two of the clients are met often enough for caps to stand in their way.
  const base = { id: `e-${number}`, subject: random.pick(random.chance(0.5) ? clients.slice(0, 2) : clients), timeMs };
  const draw = random.below(24);
  if (draw < 12) return scored(random, number, base.subject, timeMs);
  if (draw < 16) return anEvent('transaction.authorised', { ...base, data: { transactionId: bought[bought.push(`t-${number}`) - 1]!, merchantId: random.pick(['m-1', 'm-2']), amountMinor: 4_000 } });
  if (draw < 17 && bought.length > 0) return { ...base, type: 'purchase.reversed', source: 'test', data: { transactionId: random.pick(bought), amountMinor: 4_000, isWhole: true, currency: 'EUR', channel: 'offline' } };
  if (draw < 18) return anEvent('client.registered', base);
  if (draw < 19) return anEvent('client.consent.changed', { ...base, data: { consents: { offers: random.chance(0.5), geo: true } } });
  if (draw < 20) return anEvent('client.erasure.requested', base);
  return { ...base, subject: 'clock', type: 'clock.ticked', source: 'test', data: {} };
}

function scored(random: Random, number: number, subject: string, timeMs: number): DecisionScored {
  const candidates = campaigns.slice(0, random.between(0, 3)).map((campaignId) => candidate(campaignId, random.between(1, 40) / 100));
  const profile = { segment: 'mass', timeZone: random.pick(['UTC', 'Asia/Tokyo']), offersConsent: random.chance(0.9), merchants: [], categories: [], averageCheckMinor: 2_000, attributes: {} };
  return { type: 'decision.scored', id: `s-${number}`, source: 'test', subject, timeMs, data: { scenario: random.pick(['event', 'forecast', 'timer']), trigger: 'app-opened', triggerEventId: `trigger-${number}`, vector: [1], modelVersion: 'm1', candidates, profile } };
}

function candidate(campaignId: string, conversion: number): ScoredCandidate {
  return {
    campaignId, merchantId: merchantOf(campaignId), terms, objective: 'spend', currency: 'EUR', marginPercent: 30, retrievedBy: 'popular', conversion, expectedCheckMinor: 2_000, usualCheckMinor: 2_000, knownMerchant: false, features: [1, conversion],
  };
}

const merchantOf = (campaignId: string): string => campaignId.replace('k', 'm');

const of = <T extends LineEvent['type']>(events: readonly LineEvent[], type: T): LineEventOf<T>[] => events.filter((event): event is LineEventOf<T> => event.type === type);

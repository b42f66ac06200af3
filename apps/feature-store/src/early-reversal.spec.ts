import type { DecisionMade, LineEvent } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { KeyedState, Timers, type Answer } from '@sp/dataflow';
import { InMemoryStateStore } from '@sp/dataflow/testing';
import { foldOpenOffers, type OpenOffers } from '@sp/offers';
import { describe, expect, it } from 'vitest';
import { featureStoreFlow } from './feature-store.flow';

const purchase = anEvent('transaction.authorised', { id: 'bought', timeMs: mondayMs + 60_000, data: { transactionId: 't-1', merchantId: 'm-1', amountMinor: 4_000 } });
const reversal = (id: string, amountMinor?: number): LineEvent => anEvent('transaction.reversed', { id, timeMs: mondayMs + 120_000, data: { transactionId: 't-1', ...(amountMinor !== undefined && { amountMinor }) } });

/** What the stage hands on of these events, in its order, and what it answered to each. */
function through(...events: readonly LineEvent[]): { readonly out: LineEvent[]; readonly answers: Answer[] } {
  const store = new InMemoryStateStore();
  const fold = featureStoreFlow.openFold({ partition: 0, partitions: 1, state: new KeyedState(store), timers: new Timers(store.timers()), deltas: { add: () => undefined } });
  const out: LineEvent[] = [];
  const answers = events.map((event) => {
    const emitted: LineEvent[] = [];
    const answer = fold.onEvent(event, (one) => emitted.push(one));
    out.push(...(answer === 'pass' ? [event] : []), ...emitted);
    return answer;
  });
  return { out, answers };
}

const takenBack = (events: readonly LineEvent[]): unknown[] => events.flatMap((event) => (event.type === 'purchase.reversed' ? [[event.id, event.data.amountMinor, event.data.isWhole]] : []));

/** What attribution says last of an offer that the purchase redeems. */
function lastWord(events: readonly LineEvent[]): unknown {
  const offer = { offerId: 'o-1', decisionId: 'd-1', clientId: 'c-1', merchantId: 'm-1', campaignId: 'k-1', terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1_000 }, currency: 'EUR', scenario: 'event', arm: 'model', validUntil: new Date(mondayMs + 7 * 86_400_000).toISOString() } as const;
  const made: LineEvent = { type: 'decision.made', id: 'd-1', source: 'test', subject: 'c-1', timeMs: mondayMs, data: { offer, outcome: 'offer', propensity: 1, features: [] } as unknown as DecisionMade['data'] };
  let [state, word]: [OpenOffers | undefined, unknown] = [undefined, undefined];
  for (const event of [made, ...events]) {
    const step = foldOpenOffers(state, event);
    const told = [...step.outcomes, ...step.amendments].at(-1);
    if (told) word = { redeemed: told.redeemed, spendMinor: told.spendMinor, reversedMinor: told.reversedMinor };
    ({ state } = step);
  }
  return word;
}

describe('a reversal that comes before its purchase', () => {
  it('is refused and held, and taken back when the purchase comes', () => {
    const { out, answers } = through(reversal('r-1'), purchase);
    expect(answers).toEqual([expect.objectContaining({ code: 'unknown-original' }), 'pass']);
    expect(out.map(({ type }) => type)).toEqual(['transaction.authorised', 'purchase.reversed']);
    expect(takenBack(out)).toEqual([['r-1', 4_000, true]]);
  });

  it.each([['whole', undefined], ['in part', 1_500]])('ends for attribution as if it had come after it: %s', (_, amountMinor) => {
    const [straight, swapped] = [through(purchase, reversal('r-1', amountMinor)).out, through(reversal('r-1', amountMinor), purchase).out];
    expect(lastWord(swapped)).toEqual(lastWord(straight));
    expect(lastWord(swapped)).toEqual(amountMinor === undefined ? { redeemed: false, spendMinor: 0, reversedMinor: 4_000 } : { redeemed: true, spendMinor: 2_500, reversedMinor: 1_500 });
  });

  it('takes back once, however often its letter is replayed, before the purchase and after it', () => {
    expect(takenBack(through(reversal('r-1', 500), reversal('replay-1', 500), purchase, reversal('replay-2', 500)).out)).toEqual([['r-1', 500, false]]);
  });

  it('is let go of a week later', () => {
    const late = { ...purchase, timeMs: mondayMs + 8 * 86_400_000 };
    expect(takenBack(through(reversal('r-1'), late).out)).toEqual([]);
  });

  it('leaves nothing with an erased client', () => {
    expect(takenBack(through(reversal('r-1'), anEvent('client.erasure.requested', { timeMs: mondayMs + 180_000 }), purchase).out)).toEqual([]);
  });
});

import type { LineEvent, OfferResponse, Outcome } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldOpenOffers, wakeOpenOffers, type OpenOffers } from './attribution';
import { aCandidate, aDecisionInput, aScored, inArm, madeAt, noonMs } from './builders';
import { dayMs } from './day-ms';
import { decide } from './decide';

/** 10 % for seven days from Monday noon, from 10.00 on, at most 6.00. */
const decision = decide(aDecisionInput({ scored: aScored({ candidates: [aCandidate()] }) })).record;
const made = madeAt(noonMs, decision);
const ghostMade = madeAt(noonMs, decide(aDecisionInput({ experiment: inArm('holdout') })).record);
const offerId = decision.offer!.offerId;

const responded = (response: OfferResponse, days = 1, transactionId?: string): LineEvent =>
  anEvent('offer.responded', { timeMs: noonMs + days * dayMs, data: { offerId, response, ...(transactionId !== undefined && { transactionId }) } });
const purchase = (days = 2, over: object = {}): LineEvent => anEvent('transaction.authorised', { timeMs: noonMs + days * dayMs, data: { amountMinor: 4000, ...over } });

function fold(events: readonly LineEvent[]): { state: OpenOffers | undefined; outcomes: Outcome[]; wakeAtMs?: number } {
  let state: OpenOffers | undefined;
  let wakeAtMs: number | undefined;
  const outcomes: Outcome[] = [];
  for (const event of events) {
    const step = foldOpenOffers(state, event);
    outcomes.push(...step.outcomes);
    ({ state, wakeAtMs } = step);
  }
  return { state, outcomes, ...(wakeAtMs !== undefined && { wakeAtMs }) };
}

/** Everything folded, then the time of all offers passed. */
function outcomesOf(...events: LineEvent[]): Outcome[] {
  const { state, outcomes } = fold(events);
  return [...outcomes, ...wakeOpenOffers(state, noonMs + 400 * dayMs).outcomes];
}

describe('foldOpenOffers', () => {
  it('closes an offer at the purchase that redeems it', () => {
    const { outcomes, state, wakeAtMs } = fold([made, responded('viewed'), responded('accepted'), purchase()]);
    expect(outcomes).toEqual([
      {
        offer: decision.offer, ghost: false, issuedAtMs: noonMs, viewed: true, accepted: true, declined: false, redeemed: true, refused: false,
        spendMinor: 4000, discountMinor: 400, transactionId: 't-1', labelSource: 'transaction', propensity: 1, features: decision.features,
      },
    ]);
    expect(state?.open).toEqual([]);
    expect(wakeAtMs).toBeUndefined();
  });

  it('never counts a higher discount than was reserved', () => {
    expect(outcomesOf(made, purchase(1, { amountMinor: 100_000 }))).toMatchObject([{ spendMinor: 100_000, discountMinor: 600 }]);
  });

  it('sees what a ghost would have been redeemed for', () => {
    expect(outcomesOf(ghostMade, purchase())).toMatchObject([{ ghost: true, redeemed: true, spendMinor: 4000, offer: { arm: 'holdout' } }]);
  });

  const unredeeming: [string, LineEvent][] = [
    ['before the offer', purchase(-1)],
    ['after its end', purchase(7.01)],
    ['below the minimum check', purchase(1, { amountMinor: 999 })],
    ['at another merchant', purchase(1, { merchantId: 'm-2' })],
    ['in another currency', purchase(1, { currency: 'USD' })],
    ['that is a transfer', purchase(1, { kind: 'transfer' })],
  ];
  it.each(unredeeming)('takes a purchase %s for no redemption', (_, event) => {
    expect(outcomesOf(made, event)).toMatchObject([{ redeemed: false, labelSource: 'expiry', spendMinor: 0, discountMinor: 0 }]);
  });

  it('waits for an offer’s end and a day of grace, no shorter and no longer', () => {
    const { state, wakeAtMs, outcomes } = fold([made, responded('viewed')]);
    expect(outcomes).toEqual([]);
    expect(wakeAtMs).toBe(noonMs + 8 * dayMs);
    expect(wakeOpenOffers(state, wakeAtMs! - 1)).toMatchObject({ outcomes: [], wakeAtMs });
    expect(wakeOpenOffers(state, wakeAtMs!).outcomes).toMatchObject([{ viewed: true, redeemed: false }]);
  });

  it('counts a purchase in the offer’s time that comes late, but within the grace', () => {
    const { state } = fold([made]);
    expect(foldOpenOffers(wakeOpenOffers(state, noonMs + 7.9 * dayMs).state, purchase(6.9)).outcomes).toMatchObject([{ redeemed: true }]);
  });

  it('lets a reported redemption wait a day for its purchase, whatever that looks like', () => {
    expect(fold([made, responded('redeemed', 2, 't-7')]).wakeAtMs).toBe(noonMs + 3 * dayMs);
    expect(outcomesOf(made, responded('redeemed', 2, 't-7'), purchase(2), purchase(2, { transactionId: 't-7', merchantId: 'm-9' }))).toMatchObject([{ transactionId: 't-7', labelSource: 'transaction' }]);
    expect(outcomesOf(made, responded('confirmed-by-merchant', 2, 't-7'))).toMatchObject([{ redeemed: true, transactionId: 't-7', labelSource: 'response', spendMinor: 0 }]);
    expect(outcomesOf(made, responded('redeemed'), purchase(2))).toMatchObject([{ redeemed: true, spendMinor: 4000 }]);
  });

  it('takes a purchase after a decline for the client’s own', () => {
    expect(outcomesOf(made, responded('declined'), purchase())).toMatchObject([{ declined: true, redeemed: false, labelSource: 'response' }]);
  });

  it('notes a merchant’s refusal', () => {
    expect(outcomesOf(made, responded('accepted'), responded('refused-by-merchant'))).toMatchObject([{ accepted: true, refused: true, redeemed: false, labelSource: 'response' }]);
  });

  it('lets one purchase redeem one offer, the one worth more', () => {
    const better = { ...decision, offer: { ...decision.offer!, offerId: 'o-better', terms: { ...decision.offer!.terms, discountPercent: 12 } } };
    const outcomes = outcomesOf(made, madeAt(noonMs, better), purchase());
    expect(outcomes.map(({ offer, redeemed }) => [offer.offerId, redeemed])).toEqual([['o-better', true], [offerId, false]]);
  });

  it('opens nothing for a decision without an offer, for responses to the unknown, or after an erasure', () => {
    const none = decide(aDecisionInput({ scored: aScored({ candidates: [] }) })).record;
    expect(outcomesOf(madeAt(noonMs, none), responded('redeemed'), purchase())).toEqual([]);
    expect(fold([responded('accepted'), purchase()]).state).toBeUndefined();
    expect(outcomesOf(made, anEvent('client.erasure.requested'))).toEqual([]);
  });

  it('ends every offer in exactly one outcome, whatever the order and however often events repeat', () => {
    const pool = [
      made, ghostMade, responded('viewed'), responded('accepted'), responded('declined'), responded('redeemed', 1, 't-1'), responded('redeemed', 3),
      responded('confirmed-by-merchant', 2, 't-2'), responded('refused-by-merchant'), purchase(1), purchase(3, { transactionId: 't-2' }), purchase(9),
    ];
    const wakes = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.shuffledSubarray([...pool, ...pool, ...pool]), wakes, (events, days) => {
        let state: OpenOffers | undefined;
        const ended: string[] = [];
        const note = (step: { state: OpenOffers | undefined; outcomes: readonly Outcome[] }): void => {
          ({ state } = step);
          ended.push(...step.outcomes.map(({ offer }) => offer.offerId));
        };
        events.forEach((event, place) => {
          note(foldOpenOffers(state, event));
          if (days[place] !== undefined) note(wakeOpenOffers(state, noonMs + days[place] * dayMs));
        });
        note(wakeOpenOffers(state, noonMs + 400 * dayMs));
        // Real offer and ghost come of the same trigger, so they share an id; whichever was seen first stands.
        expect(ended).toEqual(events.includes(made) || events.includes(ghostMade) ? [offerId] : []);
      }),
      { numRuns: 500 },
    );
  });

  it('redeems for the same money in whatever order responses and the purchase come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([responded('viewed'), responded('accepted'), responded('redeemed', 2, 't-1'), purchase()], { minLength: 4 }), (events) => {
        expect(outcomesOf(made, ...events)).toMatchObject([{ redeemed: true, spendMinor: 4000, discountMinor: 400, transactionId: 't-1', labelSource: 'transaction' }]);
      }),
    );
  });
});

import type { LineEvent, Objective, OfferResponse, Outcome } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldOpenOffers, reversalHorizonMs, wakeOpenOffers, type AttributionStep, type OpenOffers } from './attribution';
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
const reversed = (transactionId: string, amountMinor: number, id = 'r-1'): LineEvent =>
  ({ type: 'purchase.reversed', id, source: 'test', subject: 'c-1', timeMs: noonMs + 10 * dayMs, data: { transactionId, amountMinor, isWhole: false, currency: 'EUR', channel: 'offline', merchantId: 'm-1' } });
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

/** Everything folded, then the time of all offers passed: the first words. */
function outcomesOf(...events: LineEvent[]): Outcome[] {
  const { state, outcomes } = fold(events);
  return [...outcomes, ...wakeOpenOffers(state, noonMs + 400 * dayMs).outcomes];
}

/** The last word on each offer, after everything and all the time. */
function lastWords(events: readonly LineEvent[], groupOf?: (merchantId: string) => string | undefined): Map<string, Outcome> {
  const words = new Map<string, Outcome>();
  let state: OpenOffers | undefined;
  const note = (step: AttributionStep): void => {
    for (const outcome of [...step.outcomes, ...step.amendments]) {
      expect(outcome.revision).toBe((words.get(outcome.offer.offerId)?.revision ?? -1) + 1);
      words.set(outcome.offer.offerId, outcome);
    }
    ({ state } = step);
  };
  for (const event of events) note(foldOpenOffers(state, event, groupOf));
  note(wakeOpenOffers(state, noonMs + 400 * dayMs));
  expect(state).toMatchObject({ open: [], purchases: [], reversals: [] });
  return words;
}

/** What was said after the first word, while the offer is open. */
function amended(...events: LineEvent[]): Outcome[] {
  const amendments: Outcome[] = [];
  let { state } = fold([made]);
  for (const event of events) {
    const step = foldOpenOffers(state, event);
    amendments.push(...step.amendments);
    ({ state } = step);
  }
  return amendments;
}

const withoutRevision = (words: Map<string, Outcome>): unknown[] => [...words.values()].map(({ revision: _, ...outcome }) => outcome).sort((a, b) => (a.offer.offerId < b.offer.offerId ? -1 : 1));

describe('foldOpenOffers', () => {
  it('closes an offer at the purchase that redeems it', () => {
    const { outcomes, state, wakeAtMs } = fold([made, responded('viewed'), responded('accepted'), purchase()]);
    expect(outcomes).toEqual([
      {
        offer: decision.offer, revision: 0, ghost: false, issuedAtMs: noonMs, viewed: true, accepted: true, declined: false, redeemed: true, refused: false,
        spendMinor: 4000, discountMinor: 400, reversedMinor: 0, transactionId: 't-1', labelSource: 'transaction', purchases: 1, windowSpendMinor: 4000, rewards: expect.objectContaining({ rewardMinor: 800 }) as unknown, propensity: 1, features: decision.features,
      },
    ]);
    expect(wakeAtMs).toBe(noonMs + 8 * dayMs);
    const over = wakeOpenOffers(state, wakeAtMs!);
    expect(over.wakeAtMs).toBe(noonMs + 2 * dayMs + reversalHorizonMs);
    expect(wakeOpenOffers(over.state, over.wakeAtMs!).state).toMatchObject({ open: [], purchases: [], closed: [offerId] });
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

  it('says the same in the end in whatever order responses, purchases and reversals come, however often', () => {
    const other = madeAt(noonMs, { ...decision, decisionId: 'd-2', offer: { ...decision.offer!, offerId: 'o-2', terms: { ...decision.offer!.terms, discountPercent: 5, minimumCheckMinor: 3000 } } });
    const pool = [
      responded('viewed'), responded('accepted'), responded('declined', 4), responded('redeemed', 2, 't-1'), responded('redeemed', 3, 't-3'), purchase(2), purchase(1, { transactionId: 't-2', amountMinor: 2500 }),
      purchase(3, { transactionId: 't-3', amountMinor: 900 }), purchase(5, { transactionId: 't-4', amountMinor: 8000 }), reversed('t-1', 1500, 'r-1'), reversed('t-1', 500, 'r-2'), reversed('t-2', 2500, 'r-3'), reversed('t-4', 6000, 'r-4'),
    ];
    const happened = fc.subarray(pool).chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length })));
    fc.assert(
      fc.property(happened, ([events, shuffled]) => {
        expect(withoutRevision(lastWords([made, other, made, ...shuffled]))).toEqual(withoutRevision(lastWords([made, other, ...events])));
      }),
      { numRuns: 400 },
    );
  });
});

describe('reversals', () => {
  it('lower what a purchase was worth, and undo it where too little is left', () => {
    expect(amended(purchase(), reversed('t-1', 1500))).toMatchObject([{ revision: 1, redeemed: true, spendMinor: 2500, discountMinor: 250, reversedMinor: 1500, windowSpendMinor: 2500, labelSource: 'transaction' }]);
    expect(amended(purchase(), reversed('t-1', 1500, 'r-1'), reversed('t-1', 2000, 'r-2'))).toMatchObject([{ revision: 1 }, { revision: 2, redeemed: false, spendMinor: 0, discountMinor: 0, reversedMinor: 3500, windowSpendMinor: 500, labelSource: 'reversal' }]);
    expect(amended(purchase(), reversed('t-1', 4000))).toMatchObject([{ redeemed: false, purchases: 0, windowSpendMinor: 0 }]);
  });

  it('count once, come before their purchase, and concern their own purchase alone', () => {
    expect(amended(purchase(), reversed('t-1', 1000, 'r-1'), reversed('t-1', 1000, 'r-1'))).toHaveLength(1);
    expect(outcomesOf(made, reversed('t-1', 1000), purchase())).toMatchObject([{ revision: 0, spendMinor: 3000 }]);
    expect(amended(purchase(), reversed('t-9', 1000))).toEqual([]);
  });

  it('are heard for the declared horizon after the purchase, and no longer', () => {
    const { state } = fold([made, purchase(2)]);
    const endMs = noonMs + 2 * dayMs + reversalHorizonMs;
    expect(foldOpenOffers(wakeOpenOffers(wakeOpenOffers(state, endMs - 1).state, endMs - 1).state, reversed('t-1', 500)).amendments).toMatchObject([{ spendMinor: 3500 }]);
    expect(foldOpenOffers(wakeOpenOffers(state, endMs).state, reversed('t-1', 500)).amendments).toEqual([]);
  });

  it('do not give the offer to another purchase', () => {
    expect([...lastWords([made, purchase(1), purchase(3, { transactionId: 't-2' }), reversed('t-1', 4000)]).values()]).toMatchObject([{ redeemed: false, transactionId: 't-1', purchases: 1, windowSpendMinor: 4000 }]);
  });
});

describe('what is known later', () => {
  it('moves the redemption to the purchase that was first', () => {
    expect(amended(purchase(3, { amountMinor: 6000 }), purchase(1, { transactionId: 't-0', amountMinor: 2000 }))).toMatchObject([{ revision: 1, transactionId: 't-0', spendMinor: 2000, discountMinor: 200, purchases: 2, windowSpendMinor: 8000 }]);
  });

  it('does not make an answer of a purchase that came before the offer, though the offer bears its time', () => {
    const trigger = purchase(0, { transactionId: 't-trigger' });
    const elsewhere = madeAt(noonMs - dayMs, { ...decision, offer: { ...decision.offer!, offerId: 'o-before', merchantId: 'm-5' } });
    expect(fold([elsewhere, trigger, made]).outcomes).toEqual([]);
  });

  it('lets an offer of a merchant be redeemed anywhere in its group', () => {
    const groups: Record<string, string> = { 'm-1': 'chain', 'm-2': 'chain', 'm-3': 'other' };
    const at = (merchantId: string): unknown => [...lastWords([made, purchase(1, { merchantId })], (id) => groups[id]).values()][0]?.redeemed;
    expect([at('m-1'), at('m-2'), at('m-3'), at('m-4')]).toEqual([true, true, false, false]);
  });
});

describe('rewards', () => {
  // The client usually spends 20.00 here; the margin is 30 %.
  const rewardOf = (objective: Objective, knownMerchant = false, arm: 'model' | 'holdout' = 'model'): unknown => {
    const candidate = aCandidate({ objective, knownMerchant, usualCheckMinor: 2000 });
    const event = madeAt(noonMs, decide(aDecisionInput({ scored: aScored({ candidates: [candidate] }), experiment: inArm(arm) })).record);
    return [...lastWords([event, purchase(1), purchase(2, { transactionId: 't-2', amountMinor: 500 })]).values()][0]?.rewards;
  };
  const all = { marginMinor: 1350 - 400, frequencyMinor: 750 - 400, averageCheckMinor: 600 - 400, newMerchantMinor: 1350 - 400 };

  it('are margins after the discount, of all purchases in the offer’s time, for each objective', () => {
    expect(rewardOf('spend')).toEqual({ objective: 'spend', rewardMinor: 950, ...all });
    expect(rewardOf('frequency')).toMatchObject({ rewardMinor: 350 });
    expect(rewardOf('average-check')).toMatchObject({ rewardMinor: 200 });
    expect(rewardOf('new-merchant')).toMatchObject({ rewardMinor: 950 });
    expect(rewardOf('spend', true)).toMatchObject({ rewardMinor: 950, newMerchantMinor: -400 });
  });

  it('of a ghost are without a discount, for it gave none', () => {
    expect(rewardOf('spend', false, 'holdout')).toMatchObject({ rewardMinor: 1350 });
  });

  it('are absent where the record holds no candidates', () => {
    expect(outcomesOf(madeAt(noonMs, { ...decision, considered: [] }), purchase())[0]).not.toHaveProperty('rewards');
  });
});

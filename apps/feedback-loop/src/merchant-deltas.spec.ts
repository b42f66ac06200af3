import { sumOfRows, type DecisionMade, type LineEvent, type MerchantStatistics, type NumberRow } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { foldOpenOffers, type OpenOffers } from '@sp/offers';
import { expect, it } from 'vitest';
import { statisticsOfOffers, statisticsOfSpending } from './merchant-deltas';

const made = (outcome: 'offer' | 'ghost'): DecisionMade => {
  const offer = { offerId: 'o-1', decisionId: 'd-1', clientId: 'c-1', merchantId: 'm-1', campaignId: 'k-1', terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1_000 }, currency: 'EUR', scenario: 'event', arm: 'model', validUntil: new Date(mondayMs + 7 * 86_400_000).toISOString() } as const;
  return { type: 'decision.made', id: 'd-1', source: 'test', subject: 'c-1', timeMs: mondayMs, data: { offer, outcome, propensity: 1, features: [] } as unknown as DecisionMade['data'] };
};
const responded = (response: 'viewed' | 'accepted' | 'refused-by-merchant' | 'confirmed-by-merchant', afterMinutes = 0): LineEvent => anEvent('offer.responded', { timeMs: mondayMs + 1 + afterMinutes * 60_000, data: { offerId: 'o-1', response } });
const visitHours = Math.floor(mondayMs / 3_600_000);
const purchase = anEvent('transaction.authorised', { timeMs: mondayMs + 2, data: { amountMinor: 4_000 } });

function statisticsOf(...events: LineEvent[]): Partial<MerchantStatistics> {
  let state: OpenOffers | undefined;
  let sum: NumberRow = {};
  for (const event of events) {
    const step = foldOpenOffers(state, event);
    const spent = statisticsOfSpending(event);
    for (const { merchantId, delta } of [...statisticsOfOffers(state, step), ...(spent ? [spent] : [])]) if (merchantId === 'm-1') sum = sumOfRows(sum, delta as NumberRow);
    ({ state } = step);
  }
  return sum;
}

it('counts each thing that became of an offer once, however often it is told', () => {
  expect(statisticsOf(made('offer'), made('offer'), responded('viewed'), responded('viewed'), responded('accepted'), responded('refused-by-merchant'), responded('refused-by-merchant'))).toEqual({ offersIssued: 1, offersViewed: 1, offersAccepted: 1, offersRefused: 1, offersAnswered: 1, answerMinutes: 0 });
});

it('counts a redemption and the purchase that made it', () => {
  expect(statisticsOf(made('offer'), purchase)).toEqual({ offersIssued: 1, offersRedeemed: 1, purchases: 1, visitHours, 'amountMinor:EUR': 4_000 });
});

it('knows nothing of ghosts', () => {
  expect(statisticsOf(made('ghost'), responded('viewed'), purchase)).toEqual({ purchases: 1, visitHours, 'amountMinor:EUR': 4_000 });
});

it('takes back what was reversed, and the purchase where it was the whole', () => {
  const reversed = (amountMinor: number, isWhole: boolean): LineEvent => ({ type: 'purchase.reversed', id: 'r', source: 'test', subject: 'c-1', timeMs: mondayMs + 3, data: { transactionId: 't-1', amountMinor, isWhole, currency: 'EUR', channel: 'online', merchantId: 'm-1' } });
  expect(statisticsOf(purchase, reversed(1_000, false))).toEqual({ purchases: 1, visitHours, 'amountMinor:EUR': 3_000 });
  expect(statisticsOf(purchase, reversed(1_000, false), reversed(3_000, true))).toEqual({ purchases: 0, purchasesReversed: 1, visitHours, 'amountMinor:EUR': 0 });
  expect(statisticsOf(made('offer'), purchase, reversed(4_000, true))).toEqual({ offersIssued: 1, offersRedeemed: 0, purchases: 0, purchasesReversed: 1, visitHours, 'amountMinor:EUR': 0 });
});

it('knows what the merchant said of an offer, and after how many minutes he first said anything', () => {
  expect(statisticsOf(made('offer'), responded('confirmed-by-merchant', 90), responded('confirmed-by-merchant', 200), responded('refused-by-merchant', 300))).toEqual({ offersIssued: 1, offersConfirmed: 1, offersRefused: 1, offersAnswered: 1, answerMinutes: 90 });
});

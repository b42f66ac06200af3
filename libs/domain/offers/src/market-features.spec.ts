import { segmentKey, type MerchantStatistics, type SegmentSpend } from '@sp/contracts';
import { expect, it } from 'vitest';
import { aProfile, noonMs } from './builders';
import { dayMs } from './day-ms';
import { marketFeatureNames, marketFeatures, unknownMarket, type MarketReader } from './market-features';

const today = Math.floor(noonMs / dayMs);
const terms = { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1_500 };
/** Known for ten days, in which he spent 60 of 100 on food. */
const profile = aProfile({
  averageCheckMinor: 1_000, firstSeenMs: noonMs - 10 * dayMs,
  categories: [{ mcc: 5411, purchases: 6, averageCheckMinor: 1_000, lastMs: noonMs }, { mcc: 5812, purchases: 2, averageCheckMinor: 2_000, lastMs: noonMs }],
});

function read(market: Partial<MarketReader>, over: Partial<typeof profile> = {}): Record<string, number> {
  const values = marketFeatures({ profile: { ...profile, ...over }, merchant: { merchantId: 'm-1', mcc: 5411 }, terms, currency: 'EUR', timeMs: noonMs, market: { ...unknownMarket, ...market } });
  expect(values).toHaveLength(marketFeatureNames.length);
  return Object.fromEntries(marketFeatureNames.map((name, place) => [name.slice(5), values[place]!]));
}

function segmentOf(clients: number, foodMinor: number, otherMinor: number, daysKnown: number): Partial<MarketReader> {
  const rows: Record<string, Partial<SegmentSpend>> = { [segmentKey('mass')]: { clients, firstDays: clients * (today - daysKnown), spendMinor: foodMinor + otherMinor }, [segmentKey('mass', 'food-stores')]: { spendMinor: foodMinor } };
  return { spendOf: (key) => rows[key] };
}

it('holds what a client spends a day, and in the category, against the peers of his segment', () => {
  // 40 peers known for 20.5 days spent 8,200 a day together: 205 a day, half of it on food; he spends 1,000 a day, 600 of it on food.
  const told = read(segmentOf(40, 40 * 20.5 * 500, 40 * 20.5 * 500, 20));
  expect(told['spend_over_peers']).toBeCloseTo(1);
  expect(told['category_spend_over_peers']).toBeCloseTo(1.2);
  expect(told['category_share_over_peers']).toBeCloseTo(1.2);
});

it('says nothing of peers where they are few, or their spending is not known', () => {
  for (const market of [segmentOf(19, 1e6, 1e6, 20), {}]) {
    const told = read(market);
    expect([told['spend_over_peers'], told['category_spend_over_peers'], told['category_share_over_peers']]).toEqual([NaN, NaN, NaN]);
  }
});

it('takes nobody’s first days for his pace', () => {
  const peers = segmentOf(40, 40 * 20.5 * 500, 40 * 20.5 * 500, 20);
  expect(read(peers, { firstSeenMs: noonMs - 60_000 })['spend_over_peers']).toBe(read(peers, { firstSeenMs: noonMs - 7 * dayMs })['spend_over_peers']);
});

it('describes the merchant by his traffic, his checks and what became of his offers', () => {
  // A visit every day at noon for the last twenty days, one of them reversed.
  const visitHours = Array.from({ length: 20 }, (_, day) => Math.floor((noonMs - (day + 0.5) * dayMs) / 3_600_000)).reduce((sum, hour) => sum + hour, 0);
  const row: Partial<MerchantStatistics> = { purchases: 19, purchasesReversed: 1, visitHours, 'amountMinor:EUR': 38_000, offersIssued: 60, offersRedeemed: 15, offersRefused: 5, offersConfirmed: 12, offersAnswered: 17, answerMinutes: 17 * 90 };
  const told = read({ merchantOf: (id) => (id === 'm-1' ? row : undefined) });
  expect(told['merchant_visits_per_day']).toBeCloseTo(1, 1);
  expect(told).toMatchObject({ merchant_check_over_own: 2, minimum_over_merchant_check: 0.75, merchant_reversal_rate: 0.05, merchant_conversion: 0.2, merchant_refusal_rate: 0.25, merchant_confirmed_share: 0.8, merchant_response_hours: 1.5 });
});

it('knows no rate of a merchant of whom nothing is known, but what to expect of an offer', () => {
  const { merchant_visits_per_day: visits, merchant_conversion: conversion, ...rest } = read({});
  expect([visits, conversion]).toEqual([0, 0.05]);
  expect(Object.values(rest).every(Number.isNaN)).toBe(true);
});

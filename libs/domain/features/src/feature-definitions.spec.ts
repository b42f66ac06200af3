import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { emptyClient, type ClientState } from './client-state';
import { featureDefinitions, featureNames, featuresVersion, vectorOf } from './feature-definitions';
import type { ClientEvent } from './fold-client';
import { profileOf } from './client-profile';
import { aTown, bakery } from './testing/a-town';
import { afterHistoryMs, anyHistory, foldAll, stateAfter } from './testing/any-history';
import { dayMs, hourMs } from './time-units';

const town = aTown(bakery);

function read(state: ClientState, timeMs: number): Readonly<Record<string, number>> {
  return Object.fromEntries(vectorOf(state, timeMs).map((value, at) => [featureNames[at] ?? '', value]));
}

function bought(day: number, amountMinor: number, data: Partial<ReturnType<typeof anEvent<'transaction.authorised'>>['data']> = {}): ClientEvent {
  return anEvent('transaction.authorised', { timeMs: mondayMs + day * dayMs, data: { transactionId: `t-${day}`, amountMinor, ...data } });
}

describe('the vector', () => {
  it('has one number for each name, and each name once', () => {
    expect(vectorOf(emptyClient(mondayMs), mondayMs)).toHaveLength(featureNames.length);
    expect(new Set(featureNames).size).toBe(featureNames.length);
    expect(featuresVersion).toMatch(/^f-[0-9a-f]{12}$/);
  });

  it('is NaN only where the definition says when, and never infinite', () => {
    fc.assert(
      fc.property(anyHistory, fc.boolean(), (events, laterOn) => {
        const state = foldAll(events, town).at(-1)?.state ?? emptyClient(mondayMs);
        const vector = vectorOf(state, laterOn ? afterHistoryMs : state.lastEventMs);
        featureDefinitions.forEach(({ name, missing }, at) => {
          const value = vector[at] ?? NaN;
          expect(Number.isFinite(value) || (Number.isNaN(value) && missing !== undefined), `${name} is ${value}`).toBe(true);
        });
      }),
    );
  });

  it('counts and sums purchases of today and of the last 7, 30 and 90 days', () => {
    const state = stateAfter([bought(0, 100), bought(62, 200), bought(85, 400), bought(88.5, 800), bought(89.2, 1600)], town);
    expect(read(state, mondayMs + 89.5 * dayMs)).toMatchObject({
      purchases1d: 1, purchases7d: 3, purchases30d: 4, purchases90d: 5, spendMinor1d: 1600, spendMinor7d: 2800, spendMinor30d: 3000, spendMinor90d: 3100,
      purchasesAll: 5, averageCheckMinor: 620, averageCheckTrend: 750 / 620,
    });
  });

  it('tells recency, gaps, shares and distinct places of purchase', () => {
    const state = stateAfter([bought(0, 100), bought(1, 100, { channel: 'online', merchantId: 'market', mcc: 5411 }), bought(4, 100), bought(4.5, 100)], town);
    const vector = read(state, mondayMs + 5 * dayMs);
    expect(vector).toMatchObject({ recencyHours: 12, gapMeanDays: 1.5, onlineShare: 0.25, distinctMerchants: 2, distinctCategories: 2 });
    expect(vector['gapDeviationDays']).toBeCloseTo(Math.sqrt(((1 - 1.5) ** 2 + (3 - 1.5) ** 2 + (0.5 - 1.5) ** 2) / 2));
  });

  it('halves decayed purchases in 14 days', () => {
    const state = stateAfter([bought(0, 1000), bought(14, 1000)], town);
    const vector = read(state, mondayMs + 28 * dayMs);
    expect(vector['purchasesDecayed']).toBeCloseTo(0.25 + 0.5);
    expect(vector['spendMinorDecayed']).toBeCloseTo(750);
  });

  it('leaves nothing of a reversed purchase in the decayed ones', () => {
    const kept = stateAfter([bought(0, 1000)], town);
    const reversed = stateAfter([bought(0, 1000), bought(3, 700), anEvent('transaction.reversed', { timeMs: mondayMs + 4 * dayMs, data: { transactionId: 't-3' } })], town);
    const [one, other] = [kept, reversed].map((state) => read(state, mondayMs + 9 * dayMs));
    for (const name of ['purchasesDecayed', 'spendMinorDecayed']) expect(other?.[name]).toBeCloseTo(one?.[name] ?? NaN, 9);
  });

  it('turns the hour and the weekday of the client’s own clock', () => {
    const state = stateAfter([anEvent('client.registered', { data: { timeZone: 'Asia/Tokyo' } })], town);
    const vector = read(state, mondayMs - 3 * hourMs);
    expect([vector['hourSine'], vector['hourCosine'], vector['weekdaySine'], vector['weekdayCosine']]).toEqual([1, expect.closeTo(0), 0, 1]);
  });

  it('tells tenure, age and income where the bank told them', () => {
    const state = stateAfter([anEvent('client.registered', { data: { memberSince: '20251226', birthYear: 1990, incomeMinor: 0 } })], town);
    expect(read(state, mondayMs)).toMatchObject({ tenureDays: 10, ageYears: 36, incomeLog: 0 });
    const untold = stateAfter([anEvent('client.registered', { data: { memberSince: 'last spring', birthYear: undefined } })], town);
    expect(read(untold, mondayMs + dayMs)).toMatchObject({ tenureDays: 1, ageYears: NaN, incomeLog: NaN });
  });

  it('receives an offer once, however often it is heard of', () => {
    const at = { timeMs: mondayMs, data: { offerId: 'o-1' } };
    const state = stateAfter([anEvent('offer.recorded', at), anEvent('offer.responded', at), anEvent('offer.responded', { ...at, data: { offerId: 'o-1', response: 'declined' } })], town);
    expect(read(state, mondayMs + 2 * dayMs)).toMatchObject({ offerContactAgeDays: 2, offersReceivedDecayed: expect.closeTo(0.955, 3), offersDeclinedDecayed: expect.closeTo(0.955, 3), offersAcceptedDecayed: 0 });
  });

  it('hears no contact in what the merchant says of an offer', () => {
    const state = stateAfter([anEvent('offer.responded', { data: { response: 'refused-by-merchant' } })], town);
    expect(read(state, mondayMs)).toMatchObject({ offerContactAgeDays: NaN, offersReceivedDecayed: 0 });
  });

  it('counts app openings of 7 days, and tells how far from home the client was last seen', () => {
    const opened = [0, 5, 6].map((day) => anEvent('client.acted', { timeMs: mondayMs + day * dayMs }));
    const located = anEvent('client.located', { timeMs: mondayMs + 7 * dayMs, data: { lat: 52.6, lon: 13.4 } });
    const state = stateAfter([anEvent('client.registered', {}), ...opened, located], town);
    expect(read(state, mondayMs + 7 * dayMs)).toMatchObject({ appOpens7d: 2, locatedRecently: 1, homeDistanceKm: expect.closeTo(11.1, 1) });
    expect(read(state, mondayMs + 7 * dayMs + 2 * hourMs)).toMatchObject({ locatedRecently: 0 });
  });
});

describe('profileOf', () => {
  it('names the most used merchants and categories first', () => {
    const state = stateAfter([bought(0, 100), bought(1, 300, { merchantId: 'market', mcc: 5411 }), bought(2, 500)], town);
    expect(profileOf(state)).toMatchObject({
      merchants: [{ merchantId: 'm-1', purchases: 2, lastMs: mondayMs + 2 * dayMs }, { merchantId: 'market', purchases: 1 }],
      categories: [{ mcc: 5462, purchases: 2, averageCheckMinor: 300 }, { mcc: 5411, averageCheckMinor: 300 }],
      averageCheckMinor: 300, offersConsent: false, segment: 'unknown',
    });
  });

  it('shows the last place with consent to it, else home', () => {
    const elsewhere = anEvent('client.located', { data: { lat: 48.1, lon: 11.6 } });
    expect(profileOf(stateAfter([anEvent('client.registered', {}), elsewhere], town)).place).toEqual({ lat: 48.1, lon: 11.6 });
    expect(profileOf(stateAfter([anEvent('client.registered', {}), elsewhere, anEvent('client.consent.changed', {})], town)).place).toEqual({ lat: 52.5, lon: 13.4 });
  });

  it('stays as it was when the client’s state goes on', () => {
    const state = stateAfter([bought(0, 100)], town);
    const profile = profileOf(state);
    const before = structuredClone(profile);
    foldAll([bought(1, 900)], town, state);
    expect(profile).toEqual(before);
  });
});

import { describe, expect, it } from 'vitest';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { featureNames, vectorOf } from '../feature-definitions';
import type { ClientEvent } from '../fold-client';
import { aTown, bakery } from '../testing/a-town';
import { stateAfter } from '../testing/any-history';
import { dayMs, hourMs, minuteMs } from '../time-units';

const town = aTown(bakery);

function read(events: readonly ClientEvent[], timeMs: number): Readonly<Record<string, number>> {
  return Object.fromEntries(vectorOf(stateAfter(events, town), timeMs).map((value, at) => [featureNames[at] ?? '', value]));
}

function bought(day: number, data: Partial<ReturnType<typeof anEvent<'transaction.authorised'>>['data']> = {}): ClientEvent {
  return anEvent('transaction.authorised', { timeMs: mondayMs + Math.round(day * dayMs), data: { transactionId: `t-${day}`, amountMinor: 100, ...data } });
}

function seen(day: number, hour: number, lat: number): ClientEvent {
  return anEvent('client.located', { timeMs: mondayMs + day * dayMs + hour * hourMs, data: { lat, lon: 13.4 } });
}

function acted(minute: number, data: Partial<ReturnType<typeof anEvent<'client.acted'>>['data']> = {}): ClientEvent {
  return anEvent('client.acted', { timeMs: mondayMs + minute * minuteMs, data });
}

describe('purchases by week', () => {
  it('are shifted by whole weeks that end with today, and averaged over four and twelve of them', () => {
    const now = mondayMs + 34.5 * dayMs;
    const vector = read([bought(1), bought(8), bought(16), bought(17), bought(27), bought(27.1, { amountMinor: 300 }), bought(34)], now);
    expect(vector).toMatchObject({ purchases7d: 1, purchases7dLag1: 2, purchases7dLag2: 2, purchases7dLag3: 1, purchases7dLag4: 1, spendMinor7dLag1: 400, purchasesWeekMean4: 6 / 4, purchasesWeekMean12: 7 / 12, activeDays30d: 5 });
  });
});

describe('amounts', () => {
  it('are the largest, the middle and the last of what is left, without what was taken back', () => {
    const events = [bought(0, { amountMinor: 9000 }), bought(95, { amountMinor: 500 }), bought(96, { amountMinor: 800 }), bought(97, { amountMinor: 100 })];
    expect(read(events, mondayMs + 98 * dayMs)).toMatchObject({ maxAmountMinor90d: 800, medianAmountMinor90d: 500, lastAmountMinor: 100 });
    const reversed = anEvent('transaction.reversed', { timeMs: mondayMs + 98 * dayMs, data: { transactionId: 't-97' } });
    expect(read([...events, reversed], mondayMs + 98 * dayMs)).toMatchObject({ medianAmountMinor90d: 650, lastAmountMinor: 800 });
  });
});

describe('the last merchant', () => {
  it('is the one of the newest purchase, whatever came late', () => {
    const events = [bought(1, { merchantId: 'a' }), bought(5, { merchantId: 'b', amountMinor: 400 }), bought(3, { merchantId: 'a' })];
    expect(read(events, mondayMs + 40 * dayMs)).toMatchObject({ lastMerchantPurchases: 1, lastMerchantCheckMinor: 400, lastMerchantShare: 1 / 3, topMerchantShare: 2 / 3, merchants30d: 0 });
  });
});

describe('groups of categories', () => {
  it('halve in 45 days and tell how widely a client buys', () => {
    const vector = read([bought(0, { mcc: 5411 }), bought(0.1, { mcc: 5812 }), bought(0.2, { mcc: 5814 }), bought(0.3, { mcc: 5651 })], mondayMs + 45 * dayMs);
    expect(vector).toMatchObject({ foodStoresDecayed: expect.closeTo(0.5, 2), eatingDecayed: expect.closeTo(1, 2), clothingDecayed: expect.closeTo(0.5, 2), healthDecayed: 0, topGroupShare: expect.closeTo(0.5, 2), groupEntropy: expect.closeTo(1.5, 2) });
  });

  it('keep nothing of a reversed purchase', () => {
    const vector = read([bought(0, { mcc: 5411 }), anEvent('transaction.reversed', { timeMs: mondayMs + dayMs, data: { transactionId: 't-0' } })], mondayMs + dayMs);
    expect(vector).toMatchObject({ foodStoresDecayed: 0, topGroupShare: NaN, groupEntropy: NaN, weekendShare: NaN, spendCycleStrength: NaN });
  });
});

describe('the rhythm of spending', () => {
  it('tells weekends and nights on the client’s own clock', () => {
    const tokyo = anEvent('client.registered', { timeMs: mondayMs, data: { timeZone: 'Asia/Tokyo' } });
    // Friday 16:00 UTC is Saturday 01:00 in Tokyo; Wednesday noon is neither.
    const vector = read([tokyo, bought(4 + 16 / 24), bought(2.5)], mondayMs + 5 * dayMs);
    expect(vector).toMatchObject({ weekendShare: expect.closeTo(0.5, 1), nightShare: expect.closeTo(0.5, 1) });
  });

  it('finds the part of the month in which the money goes', () => {
    const monthly = [0, 31, 59].map((day) => bought(day, { amountMinor: 1000 }));
    const [soon, half] = [read(monthly, Date.UTC(2026, 3, 6)), read(monthly, Date.UTC(2026, 3, 21))];
    expect(soon).toMatchObject({ spendCycleStrength: expect.closeTo(1, 5) });
    expect([soon['spendCycleCosine']! > 0.9, half['spendCycleCosine']! < -0.9]).toEqual([true, true]);
  });
});

describe('usual places', () => {
  const week = [0, 1, 2, 3, 4].flatMap((day) => [seen(day, 2, 52.5), seen(day, 11, 52.6)]);
  const registered = anEvent('client.registered', { timeMs: mondayMs - hourMs });

  it('find home by its nights and work by its office hours, and how far apart they are', () => {
    const vector = read([registered, ...week], mondayMs + 5 * dayMs);
    expect(vector).toMatchObject({ usualPlaces: 2, foundHomeGapKm: expect.closeTo(0, 1), homeWorkKm: expect.closeTo(11.1, 1), foundHomeDistanceKm: expect.closeTo(11.1, 1), usualRadiusKm: expect.closeTo(5.6, 1), atFoundHome: 0, atFoundWork: 1 });
  });

  it('call nothing home after one night, and keep nothing without consent or after its withdrawal', () => {
    expect(read([registered, seen(0, 2, 52.5)], mondayMs + dayMs)).toMatchObject({ usualPlaces: 1, homeWorkKm: NaN, atFoundHome: 0 });
    expect(read(week, mondayMs + 5 * dayMs)).toMatchObject({ usualPlaces: 0, usualRadiusKm: NaN });
    expect(read([registered, ...week, anEvent('client.consent.changed', { timeMs: mondayMs + 5 * dayMs })], mondayMs + 5 * dayMs)).toMatchObject({ usualPlaces: 0 });
  });

  it('take a purchase at a merchant whose place is known for a visit, an online one not', () => {
    expect(read([registered, bought(0.5, { merchantId: 'bakery' })], mondayMs + dayMs)['usualPlaces']).toBe(1);
    expect(read([registered, bought(0.5, { merchantId: 'bakery', channel: 'online' })], mondayMs + dayMs)['usualPlaces']).toBe(0);
    expect(read([bought(0.5, { merchantId: 'bakery' })], mondayMs + dayMs)['usualPlaces']).toBe(0);
  });

  it('stay few, and keep home through many places seen once', () => {
    const away = Array.from({ length: 40 }, (_, stop) => seen(5, 12 + stop / 10, 53 + stop / 10));
    expect(read([registered, ...week, ...away], mondayMs + 6 * dayMs)).toMatchObject({ usualPlaces: 8, foundHomeGapKm: expect.closeTo(0, 1) });
  });
});

describe('sessions in the app', () => {
  it('end after half an hour of silence or with another id; what is in the open one is told', () => {
    const events = [acted(0), acted(5, { action: 'search' }), acted(50, { entryPoint: 'push', sessionId: 's-2' }), acted(51, { action: 'merchant-viewed', sessionId: 's-2' }), acted(52, { action: 'category-viewed' })];
    expect(read(events, mondayMs + 53 * minuteMs)).toMatchObject({ sessionActions: 3, sessionViews: 2, sessionSearches: 0, sessionMinutes: 3, sessionFromMessage: 1, actionsASession: 2, appSessionsDecayed: expect.closeTo(2, 2), appViewsDecayed: expect.closeTo(2, 2), appSearchesDecayed: expect.closeTo(1, 2) });
    expect(read([...events, acted(54, { sessionId: 's-3' })], mondayMs + 54 * minuteMs)).toMatchObject({ sessionActions: 1, sessionFromMessage: 0, actionsASession: 2.5 });
    expect(read(events, mondayMs + 3 * hourMs)).toMatchObject({ sessionActions: 0, sessionMinutes: 0, appActionAgeHours: expect.closeTo(2.13, 2) });
  });

  it('count a late action and open no session by it', () => {
    expect(read([acted(100), acted(10, { action: 'search' })], mondayMs + 100 * minuteMs)).toMatchObject({ sessionActions: 1, appSearchesDecayed: expect.closeTo(1, 2), appSessionsDecayed: 1 });
  });
});

describe('contact with offers', () => {
  it('fades fast and slowly, and remembers the last answer', () => {
    const declined = anEvent('offer.responded', { timeMs: mondayMs, data: { response: 'declined' } });
    expect(read([declined], mondayMs + 7 * dayMs)).toMatchObject({ offersReceivedWeekDecayed: 0.5, offersDeclinedWeekDecayed: 0.5, offersDeclinedDecayed: expect.closeTo(0.851, 3), offersViewedDecayed: 0, offerAnswerAgeDays: 7 });
  });
});

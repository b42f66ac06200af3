import fc from 'fast-check';
import { acceptEvent, type LineEvent, type LineEventOf } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { describe, expect, it } from 'vitest';
import { Cleaner, emptyCleanerState } from './cleaner';
import { normalise } from './normalise';
import { addTo, emptyEstimate, valueOf } from './quantile-estimate';
import { convertMinor } from './rates';
import { RecentContents } from './recent-contents';
import { instantOf, zoneNamed } from './time-zones';

const euro = { baseCurrency: 'EUR' };
const bought = (data: Partial<LineEventOf<'transaction.authorised'>['data']> = {}): LineEventOf<'transaction.authorised'> => anEvent('transaction.authorised', { data });

/** As the door does: what is cleaned is learned if it is new. */
function take<E extends LineEvent>(cleaner: Cleaner, event: E): E {
  const cleaning = cleaner.clean(event);
  const cleaned = cleaning ? { ...event, cleaning } : event;
  cleaner.learn(cleaned);
  return cleaned;
}

/** Amounts spread about 20.00 by a factor of two, always the same. */
function usualAmounts(cleaner: Cleaner, count: number): void {
  for (let index = 0; index < count; index++) take(cleaner, bought({ transactionId: `u-${index}`, mcc: 5411, amountMinor: Math.round(2_000 * 2 ** (((index * 7_919) % 1_000) / 500 - 1)) }));
}

describe('spelling', () => {
  const mended: readonly [string, string, string, unknown, unknown][] = [
    ['transaction.authorised', 'mcc-as-text', 'mcc', '0742', 742],
    ['transaction.authorised', 'currency-spelling', 'currency', ' eur', 'EUR'],
    ['merchant.registered', 'merchant-name', 'name', 'SQ *Ｃｏｒｎｅｒ\u00a0 Bakery ', 'Corner Bakery'],
    ['client.registered', 'time-zone-name', 'timeZone', 'europe/berlin', 'Europe/Berlin'],
    ['client.registered', 'time-zone-name', 'timeZone', 'America/new york', 'America/New_York'],
  ];

  it.each(mended)('of a %s is mended by %s', (type, rule, field, before, after) => {
    const given = asEnvelope(anEvent(type as 'client.registered', { data: { [field]: before } as object }));
    const { value, corrections } = normalise(given, {});
    expect(corrections).toEqual([{ rule, field: `data.${field}`, before, after }]);
    expect(acceptEvent(value)).toMatchObject({ ok: true, event: { data: { [field]: after } } });
  });

  it('leaves what is right as it is, object for object', () => {
    for (const type of ['client.registered', 'merchant.registered', 'campaign.published', 'transaction.authorised', 'client.acted', 'rate.published'] as const) {
      const given = asEnvelope(anEvent(type));
      expect(normalise(given, { timeZone: 'Europe/Berlin', baseCurrency: 'EUR' }).value).toBe(given);
    }
  });

  it('survives whatever comes, and mends nothing twice', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.constantFrom('transaction.authorised', 'merchant.registered', 'client.registered', 'rate.published'), (data, type) => {
        const once = normalise({ type, time: '2026-01-05T10:00:00', data }, { timeZone: 'Asia/Tokyo' });
        expect(normalise(once.value, { timeZone: 'Asia/Tokyo' }).corrections).toEqual([]);
      }),
    );
  });

  it('never hides a card number from the reader', () => {
    const given = asEnvelope(anEvent('merchant.registered', { data: { name: 'SQ *４１１１ 1111 1111 1111' } }));
    expect(acceptEvent(normalise(given, {}).value)).toMatchObject({ ok: false, reject: { code: 'card-number' } });
  });

  it('fills what is missing by the policy alone', () => {
    const { timeZone: _zone, consents: _consents, ...data } = anEvent('client.registered').data;
    const given = { ...asEnvelope(anEvent('client.registered')), data };
    expect(acceptEvent(normalise(given, {}).value)).toMatchObject({ ok: false, reject: { field: 'data.timeZone' } });
    expect(acceptEvent(normalise(given, { timeZone: 'Asia/Tokyo' }).value)).toMatchObject({ ok: true, event: { data: { timeZone: 'Asia/Tokyo', consents: { offers: false, geo: false } } } });
  });
});

describe('time zones', () => {
  it('make an instant of a local time, through both changes of the clock', () => {
    expect(instantOf('2026-01-05T10:00:00', 'Europe/Berlin')).toBe('2026-01-05T09:00:00.000Z');
    expect(instantOf('2026-07-05T10:00:00.250', 'Europe/Berlin')).toBe('2026-07-05T08:00:00.250Z');
    expect(instantOf('2026-10-25T02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf('2026-03-29T02:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(instantOf('2026-13-05T10:00:00', 'UTC')).toBeUndefined();
    expect(zoneNamed('Nowhere/City')).toBeUndefined();
  });
});

describe('money for features', () => {
  it('is in the bank’s currency by the newest rate in either direction, the original stands', () => {
    const cleaner = new Cleaner(euro, emptyCleanerState());
    take(cleaner, anEvent('rate.published', { data: { base: 'EUR', quote: 'USD', rate: 1.25 } }));
    take(cleaner, anEvent('rate.published', { timeMs: mondayMs - 1, data: { base: 'EUR', quote: 'USD', rate: 9 } }));
    const event = take(cleaner, bought({ amountMinor: 1_000, currency: 'USD' }));
    expect(event).toMatchObject({ data: { amountMinor: 1_000, currency: 'USD' }, cleaning: { amountMinor: 800, currency: 'EUR', corrections: [{ rule: 'foreign-currency', before: '1000 USD', after: '800 EUR' }] } });
    expect(take(cleaner, bought()).cleaning).toBeUndefined();
  });

  it('of a currency without a rate is the usual amount of its category, so that no two currencies are ever summed', () => {
    const cleaner = new Cleaner(euro, emptyCleanerState());
    const krona = (transactionId: string): LineEventOf<'transaction.authorised'> => bought({ transactionId, mcc: 5411, amountMinor: 99_900, currency: 'SEK' });
    expect(take(cleaner, krona('first')).cleaning).toMatchObject({ amountMinor: 1, currency: 'EUR', corrections: [{ rule: 'currency-without-rate', before: '99900 SEK', after: '1 EUR' }] });
    usualAmounts(cleaner, 1_000);
    const { cleaning } = take(cleaner, krona('second'));
    expect(cleaning?.currency).toBe('EUR');
    expect(Math.abs(cleaning!.amountMinor! - 2_000)).toBeLessThan(200);
    // Nothing is learned of an amount that was assumed.
    expect(cleaner.state.categories['5411 EUR']?.middle.count).toBe(1_000);
  });

  it('knows minor units of currencies that have none, or three', () => {
    const rates = { 'EUR/JPY': { rate: 160, timeMs: 0 }, 'KWD/EUR': { rate: 3, timeMs: 0 } };
    expect([convertMinor(rates, 1_600, 'JPY', 'EUR'), convertMinor(rates, 1_000, 'KWD', 'EUR'), convertMinor(rates, 1, 'USD', 'EUR')]).toEqual([1_000, 300, undefined]);
  });

  it('is cut to the border of the category once that is known, and nothing usual is', () => {
    const cleaner = new Cleaner({}, emptyCleanerState());
    expect(take(cleaner, bought({ mcc: 5411, amountMinor: 900_000_000 })).cleaning).toBeUndefined();
    usualAmounts(cleaner, 1_000);
    const outlier = take(cleaner, bought({ transactionId: 'o', mcc: 5411, amountMinor: 900_000_000 }));
    expect(outlier.cleaning?.corrections).toMatchObject([{ rule: 'amount-outlier', before: 900_000_000 }]);
    expect(outlier.cleaning?.amountMinor).toBeLessThan(2_000 * 100);
    expect(outlier.data.amountMinor).toBe(900_000_000);
    for (const amountMinor of [700, 2_000, 4_000, 8_000]) expect(cleaner.clean(bought({ mcc: 5411, amountMinor }))).toBeUndefined();
    expect(take(cleaner, bought({ mcc: 5999, amountMinor: 900_000_000 })).cleaning).toBeUndefined();
  });

  it('is taken back by the corrected share, to the last cent, in whatever parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 6 }), fc.boolean(), (amountMinor, parts, endsWhole) => {
        const cleaner = new Cleaner(euro, emptyCleanerState());
        take(cleaner, anEvent('rate.published', { data: { base: 'USD', quote: 'EUR', rate: 0.7 } }));
        let left = take(cleaner, bought({ amountMinor, currency: 'USD' })).cleaning!.amountMinor!;
        let originalLeft = amountMinor;
        for (const part of [...parts, endsWhole ? undefined : 100_000]) {
          const { cleaning } = take(cleaner, anEvent('transaction.reversed', { data: { amountMinor: part } }));
          if (originalLeft === 0) continue;
          left -= Math.min(left, cleaning?.amountMinor ?? left);
          originalLeft -= cleaning!.original!.amountMinor;
          expect(cleaning!.original!.currency).toBe('USD');
        }
        expect([left, originalLeft]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });

  it('goes on from a stored state', () => {
    const cleaner = new Cleaner(euro, emptyCleanerState());
    usualAmounts(cleaner, 400);
    const restored = new Cleaner(euro, JSON.parse(JSON.stringify(cleaner.state)) as typeof cleaner.state);
    expect(restored.clean(bought({ mcc: 5411, amountMinor: 5_000_000 }))).toEqual(cleaner.clean(bought({ mcc: 5411, amountMinor: 5_000_000 })));
  });
});

describe('an estimate of a quantile', () => {
  it('comes near to the true one in constant space', () => {
    let seed = 1;
    const draw = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (const probability of [0.5, 0.9]) {
      const estimate = emptyEstimate(probability);
      for (let index = 0; index < 20_000; index++) addTo(estimate, -Math.log(draw()));
      expect(Math.abs(valueOf(estimate) + Math.log(1 - probability))).toBeLessThan(0.05);
    }
  });
});

describe('the same content', () => {
  it('is known under another id for ten minutes of event time, and not under its own', () => {
    const contents = new RecentContents();
    const [fact, other] = [1, 2];
    expect(contents.isToldAgain(fact, 11, mondayMs)).toBe(false);
    expect(contents.isToldAgain(fact, 12, mondayMs)).toBe(true);
    expect(contents.isToldAgain(fact, 11, mondayMs)).toBe(false);
    expect(contents.isToldAgain(other, 12, mondayMs)).toBe(false);
    contents.forget(fact, 12);
    expect(contents.isToldAgain(fact, 13, mondayMs)).toBe(true);
    contents.forget(fact, 11);
    expect(contents.isToldAgain(fact, 13, mondayMs)).toBe(false);
    expect(contents.isToldAgain(3, 14, mondayMs + 700_000)).toBe(false);
    expect(contents.isToldAgain(fact, 11, mondayMs)).toBe(false);
  });
});

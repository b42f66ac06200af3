import { describe, expect, it } from 'vitest';
import { acceptEvent } from './accept-event';
import { decisionRequestPurposes, refusalOfShape } from './accept-event-shape';
import type { Reject } from './reject';
import { goldenSamples } from './golden-samples';

type Type = keyof typeof goldenSamples;
const card = '4111111111111111';
const sample = (type: Type, data: object = {}, envelope: object = {}): unknown => ({ ...goldenSamples[type], ...envelope, data: { ...goldenSamples[type].data, ...data } });
const refusal = (value: unknown): Reject => {
  const acceptance = acceptEvent(value);
  if (acceptance.ok) throw new Error('accepted');
  return acceptance.reject;
};
const nested = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
const wide = (fields: number): object => Object.fromEntries(Array.from({ length: fields }, (_, index) => [`k${index}`, index]));

describe('what no event may be like', () => {
  it.each<[string, unknown, string, string]>([
    ['deep data', sample('client.acted', { extra: nested(40) }), 'invalid-data', 'data.extra.a.a'],
    ['5,000 levels', sample('client.acted', { extra: nested(5_000) }), 'invalid-data', 'data.extra'],
    ['5,000 levels of lists', sample('client.acted', { extra: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) }), 'invalid-data', 'data.extra.0.0'],
    ['a wide object', sample('client.acted', { extra: wide(201) }), 'invalid-data', 'data.extra'],
    ['a wide event', { ...(sample('client.acted') as object), ...wide(200) }, 'malformed-envelope', ''],
    ['a long list', sample('client.acted', { extra: Array(1_001).fill(0) }), 'invalid-data', 'data.extra'],
    ['a long text', sample('client.acted', { extra: 'x'.repeat(8_193) }), 'invalid-data', 'data.extra'],
    ['a long name', sample('client.acted', { ['k'.repeat(129)]: 1 }), 'invalid-data', 'data.kkk'],
    ['__proto__', JSON.parse(JSON.stringify(sample('client.acted')).replace('"action"', '"__proto__":{"action":"x"},"action"')), 'invalid-data', 'data.__proto__'],
    ['__proto__ in the envelope', JSON.parse('{"__proto__":{"id":"x"}}'), 'malformed-envelope', '__proto__'],
    ['constructor', sample('client.registered', { attributes: { constructor: 'x' } }), 'invalid-data', 'data.attributes.constructor'],
    ['infinity', JSON.parse(JSON.stringify(sample('client.acted', { extra: 1 })).replace('"extra":1', '"extra":1e999')), 'invalid-data', 'data.extra'],
    ['not a number', sample('client.located', { lat: NaN }), 'invalid-data', 'data.lat'],
    ['half a character', sample('merchant.registered', { name: 'shop \ud83d' }), 'invalid-data', 'data.name'],
    ['half a character in a name', sample('client.registered', { attributes: { '\udc00': 1 } }), 'invalid-data', 'data.attributes'],
    ['year 0', sample('client.acted', {}, { time: '0000-01-01T00:00:00Z' }), 'malformed-envelope', 'time'],
    ['1999', sample('client.acted', {}, { time: '2000-01-01T00:30:00+01:00' }), 'malformed-envelope', 'time'],
    ['2100', sample('client.acted', {}, { time: '2100-01-01T00:00:00Z' }), 'malformed-envelope', 'time'],
    ['year 9999', sample('campaign.published', { endsAt: '9999-12-31T23:59:59Z' }), 'invalid-data', 'data.endsAt'],
    ['a negative amount', sample('transaction.authorised', { amountMinor: -1 }), 'invalid-data', 'data.amountMinor'],
    ['no amount', sample('transaction.authorised', { amountMinor: 0 }), 'invalid-data', 'data.amountMinor'],
    ['an absurd amount', sample('transaction.authorised', { amountMinor: 10_000_000_000_001 }), 'invalid-data', 'data.amountMinor'],
    ['a part of a cent', sample('transaction.authorised', { amountMinor: 1.5 }), 'invalid-data', 'data.amountMinor'],
    ['a control character in an id', sample('client.acted', {}, { id: 'a\u001fb' }), 'malformed-envelope', 'id'],
    ['no object', 7, 'malformed-envelope', ''],
    ['an id that cannot be written', sample('client.acted', {}, { id: { toString: 1 } }), 'malformed-envelope', 'id'],
  ])('%s is refused by its field', (_what, value, code, field) => {
    const reject = refusal(value);
    expect(reject.code).toBe(code);
    if (field.split('.').length > 1) expect(reject.field).toMatch(new RegExp(`^${field.replaceAll('.', '\\.')}`));
    else expect(reject.field).toBe(field);
    expect(reject.message).not.toBe('');
    expect(reject.field.length).toBeLessThan(256);
  });

  it('leaves no trace on objects', () => {
    acceptEvent(JSON.parse(`{"__proto__":{"polluted":1},"data":{"__proto__":{"polluted":1},"attributes":{"__proto__":{"polluted":1}}}}`));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('leaves room for every valid event', () => {
    expect(acceptEvent(sample('client.registered', { attributes: wide(200), extra: nested(28) })).ok).toBe(true);
    expect(acceptEvent(sample('transaction.authorised', { amountMinor: 10_000_000_000_000 })).ok).toBe(true);
    expect(acceptEvent(sample('client.acted', {}, { time: '2099-12-31T23:59:59.999Z' })).ok).toBe(true);
    expect(acceptEvent(sample('merchant.registered', { name: 'Café 😀 №1 ١٢٣' })).ok).toBe(true);
  });
});

describe('a card number in an event', () => {
  it.each<[string, unknown, string]>([
    ['the client', sample('client.acted', {}, { subject: card }), 'subject'],
    ['the source', sample('client.acted', {}, { source: `bank/${card}` }), 'source'],
    ['the counterparty', sample('transaction.authorised', { counterparty: card }), 'data.counterparty'],
    ['a merchant’s name', sample('merchant.registered', { name: `Shop ${card}` }), 'data.name'],
    ['an attribute', sample('client.registered', { attributes: { ref: card } }), 'data.attributes.ref'],
    ['an attribute as a number', sample('client.registered', { attributes: { ref: Number(card) } }), 'data.attributes.ref'],
    ['an attribute’s name', sample('client.registered', { attributes: { [card]: 1 } }), 'data.attributes.411111******1111'],
    ['an audience', sample('campaign.published', { audience: { segment: [card] } }), 'data.audience.segment.0'],
    ['a field that is dropped', sample('client.acted', { pan: card }), 'data.pan'],
    ['a field of the envelope that is dropped', { ...(sample('client.acted') as object), pan: card }, 'pan'],
    ['an id, written as on a card', sample('client.acted', {}, { id: '4111 1111 1111 1111' }), 'id'],
    ['a transaction, written as on a card', sample('transaction.reversed', { transactionId: '4111-1111-1111-1111' }), 'data.transactionId'],
    ['a type that is none', sample('client.acted', {}, { type: card }), 'type'],
    ['a transaction of a type that has none', sample('client.located', { transactionId: card }), 'data.transactionId'],
  ])('is refused, and named without it: %s', (_where, value, field) => {
    expect(refusal(value)).toMatchObject({ code: 'card-number', field });
    expect(JSON.stringify(acceptEvent(value)).replace(/[ -]/g, '')).not.toContain(card);
  });

  it.each<[string, unknown]>([
    ['the event’s id', sample('client.acted', {}, { id: card })],
    ['a transaction', sample('transaction.authorised', { transactionId: card })],
    ['a merchant of fifteen digits', sample('transaction.authorised', { merchantId: '378282246310005' })],
    ['a merchant’s own event', sample('merchant.registered', { merchantId: card }, { subject: card })],
    ['a session', sample('client.acted', { sessionId: card })],
    ['an offer', sample('offer.responded', { offerId: card })],
    ['an amount', sample('transaction.authorised', { amountMinor: 4_222_222_222_222 })],
  ])('is none where digits alone are an id or an amount: %s', (_where, value) => {
    expect(acceptEvent(value)).toMatchObject({ ok: true });
  });

  it('is refused in a request for a decision too', () => {
    const request = (over: object): unknown => refusalOfShape({ clientId: 'c-1', requestId: card, context: { merchantId: card, mcc: 5462 }, ...over }, decisionRequestPurposes);
    expect(request({})).toBeUndefined();
    expect(request({ clientId: card })).toMatchObject({ code: 'card-number', field: 'clientId' });
    expect(request({ context: { note: card } })).toMatchObject({ code: 'card-number', field: 'context.note' });
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { envelopeSchema } from './envelope';
import { isPlainEnvelope } from './plain-envelope';
import { anEvent, asEnvelope } from './testing';

const odd = fc.oneof(fc.string({ maxLength: 140 }), fc.constantFrom('', 'x'.repeat(128), 'x'.repeat(129), 'x\u0000', 'x\u007f', 7, null, undefined));
const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
const time = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') }).map((date) => date.toISOString()),
  fc.tuple(digits(4), digits(2), digits(2), digits(2), digits(2), digits(2), fc.constantFrom('Z', '.123Z', '.12Z', '+01:00', '')).map(([year, month, day, hour, minute, second, end]) => `${year}-${month}-${day}T${hour}:${minute}:${second}${end}`),
  odd,
);

it('says yes to nothing that the schema of the envelope refuses, and to usual events', () => {
  const envelope = fc.record({ specversion: fc.constantFrom('1.0', '1.1'), id: odd, source: odd, type: odd, subject: odd, time });
  fc.assert(fc.property(fc.oneof(envelope, fc.tuple(time).map(([at]) => ({ ...asEnvelope(anEvent('client.acted')), time: at }))), (value) => {
    const parsed = envelopeSchema.safeParse(value);
    if (isPlainEnvelope(value)) expect(parsed.data).toEqual({ ...value });
  }), { numRuns: 3_000 });
  expect(isPlainEnvelope(asEnvelope(anEvent('client.acted')))).toBe(true);
});

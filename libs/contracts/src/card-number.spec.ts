import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCardNumber, holdsCardNumber, maskCardNumbers } from './card-number';

const card = '4111111111111111';
const fours = (separator: string): string => ['4111', '1111', '1111', '1111'].join(separator);
const inScript = (zero: number, text = card): string => [...text].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');

/** All of one number, but where another one is needed. */
const spellings: readonly (readonly [string, string])[] = [
  ['plain', card],
  ['spaces', fours(' ')],
  ['dashes', fours('-')],
  ['dots', fours('.')],
  ['slashes', fours('/')],
  ['underscores', fours('_')],
  ['backslashes', fours('\\')],
  ['commas', fours(', ')],
  ['colons', fours(':')],
  ['bars', fours(' | ')],
  ['line breaks', fours('\r\n')],
  ['no-break spaces', fours('\u00a0')],
  ['thin spaces', fours('\u2009')],
  ['narrow no-break spaces', fours('\u202f')],
  ['ideographic spaces', fours('\u3000')],
  ['non-breaking hyphens', fours('\u2011')],
  ['dashes with spaces', fours(' – ')],
  ['middle dots', fours('·')],
  ['zero-width spaces', [...card].join('\u200b')],
  ['soft hyphens at odd places', `411\u00ad11111\u00ad11111111`],
  ['word joiners and marks', `4111\u20601111\ufe0f11111111`],
  ['full-width digits', inScript(0xff10)],
  ['Arabic-Indic digits', inScript(0x0660)],
  ['Persian digits', inScript(0x06f0)],
  ['Devanagari digits', inScript(0x0966)],
  ['mathematical digits', inScript(0x1d7ce)],
  ['digits of several scripts', inScript(0xff10, '41111111') + inScript(0x0660, '11111111')],
  ['superscripts and circles', '⁴①①①¹¹¹¹①①①①¹¹¹¹'],
  ['each digit apart', [...card].join(' ')],
  ['pairs', '41.11.11.11.11.11.11.11'],
  ['uneven groups', '411-1111 11111111-1'],
  ['two halves', '41111111 11111111'],
  ['before a full stop', `The card is ${card}.`],
  ['before a comma', `${card}, please`],
  ['in brackets', `(${card})`],
  ['behind an equals sign', `pan=${card}&x=1`],
  ['in quotes', `"${card}"`],
  ['glued to a word', `card${card}`],
  ['before a word', `${card}visa`],
  ['in groups behind a word', `PAN${fours(' ')}`],
  ['with its date and check digits', `${fours(' ')} 12/26 123`],
  ['with check digits', `${fours(' ')} 123`],
  ['behind other numbers', `1 2 3 ${fours(' ')}`],
  ['as JSON escapes', fours('\\u00a0')],
  ['with escaped digits', [...card].map((digit) => `\\u003${digit}`).join('')],
  ['American Express', '3782 822463 10005'],
  ['Diners', '3056-930902-5904'],
  ['13 digits', '4222222222222'],
  ['19 digits', '6304000000000000000'],
  ['19 digits in groups', '6304 0000 0000 0000 000'],
  ['Mir', '2200 0000 0000 0004'],
];

describe('a card number', () => {
  it.each(spellings)('is found in text and in a pseudonym: %s', (name, text) => {
    expect(findCardNumber({ data: { note: text } })).toBe('data.note');
    expect(findCardNumber({ [text]: 1 })).toBe(text);
    if (!/glued|before a word/.test(name)) expect(holdsCardNumber(text, 'pseudonym')).toBe(true);
  });

  it.each(spellings)('is masked, with what is around it kept: %s', (_name, text) => {
    const masked = maskCardNumbers(`see ${text} there`);
    expect(masked).toMatch(/^see .*\d{6}\*{6}\d{4}.* there$/s);
    expect(findCardNumber(masked)).toBeUndefined();
  });

  it('is found in a number, and deep inside', () => {
    expect(findCardNumber({ a: [{ b: 4111111111111111 }] })).toBe('a.0.b');
  });

  it('is masked wherever and however often it stands', () => {
    expect(maskCardNumbers(`a ${card} b ${fours('-')} c`)).toBe('a 411111******1111 b 411111******1111 c');
  });

  it('is never left after masking, not even by what the mask leaves: several in a row', () => {
    expect(findCardNumber(maskCardNumbers(`${card} 1568471173`))).toBeUndefined();
  });

  it('is never left after masking, whatever is around it', () => {
    const bit = fc.oneof(fc.constantFrom(...spellings.map(([, text]) => text)), fc.string({ unit: fc.constantFrom('0', '1', '4', '9', ' ', '-', '.', 'a', '\u200b', '４', '/', ':', 'É', '\\u0034', '_') }), fc.string({ unit: 'binary' }), fc.nat().map(String));
    fc.assert(fc.property(fc.array(bit, { maxLength: 6 }), fc.constantFrom('', ' ', '-', 'x'), (bits, glue) => {
      const text = bits.join(glue);
      const masked = maskCardNumbers(text);
      expect(findCardNumber(masked)).toBeUndefined();
      expect(masked === text).toBe(findCardNumber(text) === undefined);
    }), { numRuns: 1_500 });
  });
});

describe('what is no card number', () => {
  it.each([
    ['one that fails the check digit', '4111111111111112'],
    ['too few digits', '411111111113'],
    ['too many digits', '41111111111111110000'],
    ['milliseconds since 1970', '1767225600003'],
    ['a compact time', '20260105123002'],
    ['a time', '2026-01-05 12:30:00.000'],
    ['a time with points', '2026-10-31 12.00.00'],
    ['noughts', '0000000000000000'],
    ['a fraction', '13.4111111111111111'],
    ['a place', '52.520008, 13.404954'],
    ['years', '2019, 2020, 2021, 2024'],
    ['a UUID of many digits', '5f2c1b7e-1234-4111-8111-411111111111'],
    ['a hash', 'a94111111111111111fbe'],
    ['an id of letters and digits', 'x4111111111111111y'],
    ['two phone numbers', '+49 30 1234567, +49 30 7654321'],
  ])('is let through: %s', (_name, text) => {
    expect(findCardNumber(text)).toBeUndefined();
    expect(maskCardNumbers(text)).toBe(text);
  });

  it('is a fraction of a number', () => {
    expect(findCardNumber(0.4111111111111111)).toBeUndefined();
  });
});

describe('in a technical id', () => {
  it.each([card, `tx-${card}`, `tx${card}`, '2026-01-05-4111111', `pos:${card}`, '4222222222222'])('plain digits are an id: %s', (text) => {
    expect(holdsCardNumber(text, 'technical')).toBe(false);
  });

  it.each(spellings.filter(([name]) => /spaces|dashes|dots|slashes|digits of|Arabic|full-width|zero-width|hyphens|Express|halves|groups/.test(name)))('what is written as on a card is one: %s', (_name, text) => {
    expect(holdsCardNumber(text, 'technical')).toBe(true);
  });
});

it('takes no time for long texts', () => {
  const texts = ['1 ', '4111 ', '4', '4111-', '\u200b4', '４', '4a', '12, '].map((bit) => bit.repeat(65_536 / bit.length));
  const before = process.cpuUsage();
  for (const text of texts) maskCardNumbers(text);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000 / texts.length).toBeLessThan(250);
});

import type { Draws } from './draws';

/** One card number in spellings that a person or a system may write; wherever one is planted, it must never come out again. */
export const plantedCards: readonly string[] = [
  '5555555555554444', '5555 5555 5555 4444', '5555-5555-5555-4444', '5555.5555.5555.4444', '5555/5555/5555/4444', '5555_5555_5555_4444', '5555\u00a05555\u00a05555\u00a04444', '5555\u20095555\u20095555\u20094444',
  '5555\u200b5555\u200b5555\u200b4444', '55555\u00ad55555554444', '５５５５５５５５５５５５４４４４', '٥٥٥٥٥٥٥٥٥٥٥٥٤٤٤٤', '5555, 5555, 5555, 4444', '5555\u20115555\u20115555\u20114444', '5 5 5 5 5 5 5 5 5 5 5 5 4 4 4 4',
];

export const oddKeys: readonly string[] = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', '.', 'data.amountMinor', '\u0000', '\ud800', 'k'.repeat(129), 'id', 'data', 'extra', '5555555555554444', '$ref', '0'];

const oddTexts: readonly string[] = [
  '', ' ', '\u0000', '\u001f', '\ud800', 'a\udc00b', '\ufeff', '\u202eabc', '😀', 'x'.repeat(129), 'x'.repeat(8_193), 'é'.repeat(300), 'null', 'NaN', '-1', '1e999', '{{7*7}}', "' OR 1=1", '<script>', '../../etc/passwd',
  '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-02-30T00:00:00Z', '2026-01-05T25:00:00Z', '2026-01-05', '1999-12-31T23:59:59Z', '2100-01-01T00:00:00Z', '2026-01-05T12:00:00+14:00', 'EURO', 'eur', 'XXX', 'Mars/Olympus', 'UTC',
  'smart-purchases', 'client.vanished', 'constructor', '__proto__', '4'.repeat(5_000), '1 '.repeat(2_000), '(a+)+$', 'a'.repeat(3_000) + '!',
];

const oddNumbers: readonly number[] = [0, -0, -1, 1, 0.1, 1.5, -1e308, 1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 53 + 2, 1e13, 1e13 + 1, 91, 181, 10_000, 5555555555554444, NaN, Infinity, -Infinity];

/** A value of any kind, plain or hostile. */
export function oddValue(draws: Draws): unknown {
  const kind = draws.below(12);
  if (kind < 4) return draws.oneOf(oddTexts);
  if (kind < 7) return draws.oneOf(oddNumbers);
  if (kind < 9) return draws.oneOf(plantedCards);
  if (kind === 9) return draws.oneOf([null, true, false]);
  if (kind === 10) return nested(draws.oneOf([1, 5, 31, 32, 33, 200, 500]), draws.below(2) === 0);
  return draws.oneOf([[], {}, Array(1_001).fill(0), Array(300).fill('x'), wide(201), wide(50)]);
}

export function nested(levels: number, asLists: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = asLists ? [value] : { a: value };
  return value;
}

function wide(fields: number): object {
  return Object.fromEntries(Array.from({ length: fields }, (_, index) => [`f${index}`, index]));
}

/** A text with something put into it, cut, repeated or spelled otherwise; never so that more digits touch a planted number, which makes it a longer one. */
export function oddText(text: string, draws: Draws): string {
  const at = draws.below(text.length + 1);
  const kind = draws.below(6);
  if (kind === 0) return text.slice(0, at);
  if (kind === 1) return `${text.slice(0, at)}(${draws.oneOf(oddTexts)})${text.slice(at)}`;
  if (kind === 2) return `${text.slice(0, at)} ${draws.oneOf(plantedCards)} ${text.slice(at)}`;
  if (kind === 3) return Array<string>(2 + draws.below(30)).fill(text).join(' ');
  if (kind === 4) return text.toUpperCase();
  return at === text.length ? text : text.slice(0, at) + String.fromCharCode(draws.below(65_536)) + text.slice(at + 1);
}

import { describe, expect, test } from 'vitest';
import { formatMoney } from './money';
import { formatChange, formatPercent, formatRate } from './numbers';
import { formatAge, formatLag } from './time';

describe('money', () => {
  test('has the minor units of its currency', () => {
    expect(formatMoney(123_456, 'EUR')).toBe('€1,234.56');
    expect(formatMoney(123_456, 'JPY')).toBe('¥123,456');
    expect(formatMoney(123_456, 'KWD')).toMatch(/123\.456$/);
  });

  test('is negative with a true minus', () => {
    expect(formatMoney(-50, 'EUR')).toBe('\u2212€0.50');
  });
});

test('a change carries its sign, nothing carries none', () => {
  expect([0.0421, -0.0421, 0, 0.0001, -0.0001].map(formatChange)).toEqual(['+4.2 %', '\u22124.2 %', '0.0 %', '0.0 %', '0.0 %']);
});

test('a share is a percentage with one digit', () => {
  expect(formatPercent(0.12345)).toBe('12.3 %');
});

test('small rates keep a digit, large ones do not', () => {
  expect([0, 0.44, 9.96, 1234.5].map(formatRate)).toEqual(['0', '0.4', '10.0', '1,235']);
});

test('ages use the largest whole unit', () => {
  expect([-5, 999, 59_999, 60_000, 7_200_000, 3 * 86_400_000].map(formatAge)).toEqual(['0 s', '0 s', '59 s', '1 min', '2 h', '3 d']);
});

test('a quick stage is told in milliseconds', () => {
  expect([0.012, 1.25, 75].map(formatLag)).toEqual(['12 ms', '1.3 s', '1 min']);
});

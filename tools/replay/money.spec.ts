import { describe, expect, it } from 'vitest';
import { minorUnitsOf } from './money';

const cents = { decimals: 2 };

describe('money out of text', () => {
  it.each([['3.4', 340], ['3.40', 340], ['0.83', 83], ['-12.05', -1205], ['+7', 700], ['.5', 50], ['1.100', 110], ['90071992547409.91', 9_007_199_254_740_991]])('reads %s exactly', (text, minor) => {
    expect(minorUnitsOf(text, cents)).toEqual({ ok: true, value: minor });
  });

  it('is exact where floating point is not', () => {
    expect(1.15 * 100).not.toBe(115);
    expect(minorUnitsOf('1.15', cents)).toEqual({ ok: true, value: 115 });
    expect(minorUnitsOf('0.1', { decimals: 2, times: 3n })).toEqual({ ok: true, value: 30 });
  });

  it.each([['1e3'], ['1,000.00'], ['0x10'], ['NaN'], ['Infinity'], [''], ['.'], ['-'], ['1.'], ['12 '], ['1.2.3'], ['--1']])('refuses %j', (text) => {
    expect(minorUnitsOf(text, cents)).toEqual({ ok: false, reason: 'not a decimal amount' });
  });

  it('refuses what is no whole minor unit rather than rounding it', () => {
    expect(minorUnitsOf('0.001', cents)).toEqual({ ok: false, reason: 'not a whole minor unit' });
    expect(minorUnitsOf('0.001', { decimals: 2, times: 10n })).toEqual({ ok: true, value: 1 });
    expect(minorUnitsOf('3.5', { decimals: 0 })).toEqual({ ok: false, reason: 'not a whole minor unit' });
  });

  it('refuses what a number cannot hold exactly', () => {
    expect(minorUnitsOf('90071992547409.93', cents)).toEqual({ ok: false, reason: 'amount too large' });
  });

  it('takes a comma only where it was said, and then no point', () => {
    expect(minorUnitsOf('3,4', { decimals: 2, decimalMark: ',' })).toEqual({ ok: true, value: 340 });
    expect(minorUnitsOf('3.4', { decimals: 2, decimalMark: ',' }).ok).toBe(false);
    expect(minorUnitsOf('3,4', cents).ok).toBe(false);
  });
});

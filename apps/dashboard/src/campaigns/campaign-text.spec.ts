import { expect, it } from 'vitest';
import { readTerms, termsText } from './campaign-text';

it('writes terms as lines and reads them again; what is no number is left for the server to refuse', () => {
  const terms = [{ discountPercent: 5, validityDays: 7, minimumCheckMinor: 0 }, { discountPercent: 15, validityDays: 3, minimumCheckMinor: 2000, maximumDiscountMinor: 500 }];
  expect(termsText(terms)).toBe('5, 7, 0\n15, 3, 2000, 500');
  expect(readTerms(termsText(terms))).toEqual(terms);
  expect(readTerms('\n ten; 7; 0 \n')).toEqual([{ discountPercent: 'ten', validityDays: 7, minimumCheckMinor: 0 }]);
});

import { expect, test } from 'vitest';
import { TermsWatch } from './terms-watch';

/** A week in which twenty merchants offered 5 to 30 per cent. */
function learned(): TermsWatch {
  const watch = new TermsWatch();
  for (let offer = 0; offer < 400; offer++) watch.see({ merchantId: `m-${offer % 20}`, discountPercent: 5 * (1 + (offer % 6)), offers: 1 });
  return watch;
}

test('ninety per cent where fifteen is usual is wrong, at once and for as long as it lasts', () => {
  const watch = learned();
  for (let offer = 0; offer < 30; offer++) watch.see({ merchantId: 'm-new', discountPercent: 15, offers: 1 });
  for (let offer = 0; offer < 300; offer++) expect(watch.see({ merchantId: 'm-new', discountPercent: 90, offers: 5 })).toEqual({ isWrong: true, usualPercent: 15 });
  expect(watch.see({ merchantId: 'm-new', discountPercent: 15, offers: 1 }).isWrong).toBe(false);
});

test('the most generous of the usual discounts is not, at whatever merchant', () => {
  const watch = learned();
  for (let merchant = 0; merchant < 20; merchant++) expect(watch.see({ merchantId: `m-${merchant}`, discountPercent: 30, offers: 1 }).isWrong).toBe(false);
});

test('before much is known nothing is wrong', () => {
  expect(new TermsWatch().see({ merchantId: 'm-1', discountPercent: 90, offers: 1 }).isWrong).toBe(false);
});

import type { OfferTerms } from '@sp/contracts';

/** No purchase of more than three expected checks is promised its full percentage; without a bound no reservation could cover it. */
const boundInExpectedChecks = 3;

/** What the client saves on a purchase of this amount; rounded down, to hundredths of a percent exact. */
export function discountMinor(terms: OfferTerms, amountMinor: number): number {
  if (amountMinor < terms.minimumCheckMinor) return 0;
  const full = Math.floor((amountMinor * Math.round(terms.discountPercent * 100)) / 10_000);
  return Math.min(full, terms.maximumDiscountMinor ?? full);
}

/** The terms as they are issued: with a maximum discount always, since that is what is reserved of the budget. */
export function boundTerms(terms: OfferTerms, expectedCheckMinor: number): OfferTerms {
  if (terms.discountPercent === 0 || terms.maximumDiscountMinor !== undefined) return terms;
  const worstCaseMinor = discountMinor(terms, boundInExpectedChecks * Math.max(expectedCheckMinor, terms.minimumCheckMinor));
  return { ...terms, maximumDiscountMinor: Math.max(1, worstCaseMinor) };
}

/** The most that issued terms can cost. */
export function reservationMinor(issued: OfferTerms): number {
  return issued.discountPercent === 0 ? 0 : (issued.maximumDiscountMinor ?? 0);
}

import type { ClientProfile, OfferTerms } from '@sp/contracts';

interface Selling {
  readonly mcc: number;
  readonly averageCheckMinor: number;
}

/** What the client would spend if he redeems: the usual, at least the minimum check. 0 where nothing is known. */
export function expectedCheckMinor(profile: ClientProfile, merchant: Selling, terms: OfferTerms): number {
  return Math.max(terms.minimumCheckMinor, usualCheckMinor(profile, merchant));
}

/**
 * His average in the category, else what others spend at the merchant, else his average anywhere: of a jeweller the others' check says more
 * than what he spends on bread.
 */
export function usualCheckMinor(profile: ClientProfile, merchant: Selling): number {
  const inCategory = profile.categories.find((category) => category.mcc === merchant.mcc)?.averageCheckMinor;
  return Math.round(inCategory || merchant.averageCheckMinor || profile.averageCheckMinor);
}

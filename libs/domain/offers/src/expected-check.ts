import type { ClientProfile, OfferTerms } from '@sp/contracts';

/**
 * What the client would spend if he redeems: his average in the category, else his average anywhere, else (a newcomer) what
 * others spend at the merchant; at least the minimum check. 0 where nothing is known.
 */
export function expectedCheckMinor(profile: ClientProfile, merchant: { readonly mcc: number; readonly averageCheckMinor: number }, terms: OfferTerms): number {
  const inCategory = profile.categories.find((category) => category.mcc === merchant.mcc)?.averageCheckMinor;
  const usual = inCategory || profile.averageCheckMinor || merchant.averageCheckMinor;
  return Math.max(terms.minimumCheckMinor, Math.round(usual));
}

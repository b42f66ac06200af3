import { rememberedDays } from './authorisations';

/** A reversal takes back what an authorisation of the last so many days did; an older one, or one beyond the 200 newest of a client, is counted and changes nothing. */
export const reversalHorizonDays = rememberedDays;

/** What a whole reversal does not take back, and why. Every other feature is then as if the purchase had never been. */
export const standAfterReversal: Readonly<Record<string, string>> = {
  recencyHours: 'the client was there and bought, whatever became of the money',
  gapMeanDays: 'the visit is part of his rhythm: a reversed one joins no two gaps',
  gapDeviationDays: 'as gapMeanDays',
  usualPlaces: 'he was at the place',
  usualRadiusKm: 'he was at the place',
  foundHomeGapKm: 'he was at the place',
  foundHomeDistanceKm: 'he was at the place',
  homeWorkKm: 'he was at the place',
  atFoundHome: 'he was at the place',
  atFoundWork: 'he was at the place',
  merchants30d: 'a merchant whom he used before counts as visited at the reversed purchase too',
  lastMerchantPurchases: 'the last merchant is the one last visited',
  lastMerchantCheckMinor: 'as lastMerchantPurchases',
  lastMerchantShare: 'as lastMerchantPurchases',
  lastAmountMinor: 'remembering the reversed purchase has let go of those older than the horizon',
};

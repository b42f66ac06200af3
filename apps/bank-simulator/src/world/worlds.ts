/**
 * Three worlds of different form. `smooth`: a logistic of everything that counts. `habit`: thresholds that must all be passed, and
 * visits that become habits. `no-effect`: clients answer as in the smooth one, but offers move no purchase: they are redeemed by what
 * would have been bought anyhow.
 */
export const worldKinds = ['smooth', 'habit', 'no-effect'] as const;
export type WorldKind = (typeof worldKinds)[number];

import normal from '@stdlib/stats-base-dists-normal';

/** How much of the error may be spent by a share t of the information. */
export type AlphaSpending = { readonly kind: 'power'; readonly exponent: number } | { readonly kind: 'obrien-fleming' } | { readonly kind: 'pocock' };

/** Spends little early, when data are few, and most of it at the horizon; the default of the project. */
export const quadraticSpending: AlphaSpending = { kind: 'power', exponent: 2 };

/** Cumulative error spent at t in 0..1: Kim and DeMets 1987 (alpha t^exponent); Lan and DeMets 1983 (the other two). */
export function alphaSpent(t: number, alpha: number, spending: AlphaSpending): number {
  const share = Math.min(1, Math.max(0, t));
  if (share === 0) return 0;
  if (spending.kind === 'power') return alpha * share ** spending.exponent;
  if (spending.kind === 'pocock') return alpha * Math.log(1 + (Math.E - 1) * share);
  return 2 * normal.cdf(normal.quantile(alpha / 2, 0, 1) / Math.sqrt(share), 0, 1);
}

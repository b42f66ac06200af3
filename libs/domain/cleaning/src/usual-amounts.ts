import { addTo, emptyEstimate, valueOf, type QuantileEstimate } from './quantile-estimate';

/** Of one category: the median of the amounts' logarithms, and of their distances from it (the MAD). Plain data. */
export interface UsualAmounts {
  readonly middle: QuantileEstimate;
  readonly distance: QuantileEstimate;
}

/** Before so many purchases a category tells nothing of what is usual in it. */
const fewestPurchases = 300;
/**
 * An outlier lies so many robust standard deviations (1.4826 MAD) from the median, on the logarithmic scale. Six: about one honest amount in 10^9
 * where amounts are log-normal, some in 10^5 where their tails are heavy. A border for mistakes of a factor, not for generous days.
 */
const borderDeviations = 6;
const deviationsAMad = 1.4826;
/** Categories of like amounts only, such as a fare: nothing within a factor of four of the median is an outlier. */
const narrowestLog = Math.log(4);

export function noAmounts(): UsualAmounts {
  return { middle: emptyEstimate(0.5), distance: emptyEstimate(0.5) };
}

/** Every amount counts, outliers too: a median bears half of them. */
export function learnAmount({ middle, distance }: UsualAmounts, amountMinor: number): void {
  const log = Math.log(amountMinor);
  addTo(middle, log);
  addTo(distance, Math.abs(log - valueOf(middle)));
}

/** The amount itself where it is usual, else the border that it is beyond. */
export function winsorised({ middle, distance }: UsualAmounts, amountMinor: number): number {
  if (middle.count < fewestPurchases) return amountMinor;
  const reach = Math.max(narrowestLog, borderDeviations * deviationsAMad * valueOf(distance));
  const log = Math.log(amountMinor);
  const border = Math.min(Math.max(log, valueOf(middle) - reach), valueOf(middle) + reach);
  return border === log ? amountMinor : Math.max(1, Math.round(Math.exp(border)));
}

/** The median; undefined before the first purchase. */
export function usualAmount(category: UsualAmounts | undefined): number | undefined {
  return category && category.middle.count > 0 ? Math.max(1, Math.round(Math.exp(valueOf(category.middle)))) : undefined;
}

import type { Authorisations } from '../authorisations';
import { oncePerReading, type FeatureGroup } from '../feature-group';
import { dayMs } from '../time-units';

const windowDays = 90;

/** How large purchases are, read from those that may still be reversed: at most 200, less what was taken back of each. */
export const purchaseAmounts: Omit<FeatureGroup<Authorisations>, 'empty' | 'codec'> = {
  features: [
    { name: 'maxAmountMinor90d', type: 'integer', value: (known, reading) => amounts(known, reading).reduce((most, amount) => Math.max(most, amount), 0) },
    { name: 'medianAmountMinor90d', type: 'real', missing: 'no purchase in 90 days', value: (known, reading) => median(amounts(known, reading)) },
    { name: 'lastAmountMinor', type: 'integer', missing: 'no purchase in 120 days, or all reversed', value: ({ leftMinor }) => leftMinor.findLast((left) => left > 0) ?? NaN },
  ],
};

/** Of the latest 90 days to the millisecond. */
const amounts = oncePerReading(({ leftMinor, timesMs }: Authorisations, { timeMs }): number[] => leftMinor.filter((left, row) => left > 0 && (timesMs[row] ?? 0) > timeMs - windowDays * dayMs));

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

import { addToDay, dayBuckets, totalOfDays, type DayBucket } from '../day-buckets';
import type { Feature, FeatureGroup } from '../feature-group';
import { dayOf } from '../time-units';

/** One bucket for each UTC day with purchases, of the last 90. */
export type PurchaseWindows = DayBucket[];

const keepDays = 90;
const windowsDays = [1, 7, 30, 90] as const;

/** How many purchases, and for how much, today and in the last 7, 30 and 90 days (today included). */
export const purchaseWindows: FeatureGroup<PurchaseWindows> = {
  empty: () => [],
  codec: dayBuckets,
  purchased: (buckets, { timeMs, amountMinor }) => addToDay(buckets, dayOf(timeMs), 1, amountMinor, keepDays),
  reversed: (buckets, { purchase, amountMinor, isWhole }) => addToDay(buckets, dayOf(purchase.timeMs), isWhole ? -1 : 0, -amountMinor, keepDays),
  features: [
    ...windowsDays.map((days): Feature<PurchaseWindows> => ({ name: `purchases${days}d`, type: 'integer', value: (buckets, { timeMs }) => totalOfDays(buckets, dayOf(timeMs), days).count })),
    ...windowsDays.map((days): Feature<PurchaseWindows> => ({ name: `spendMinor${days}d`, type: 'integer', value: (buckets, { timeMs }) => totalOfDays(buckets, dayOf(timeMs), days).sumMinor })),
    {
      name: 'averageCheckTrend',
      type: 'real',
      missing: 'no purchase in 30 days',
      value: (buckets, { timeMs }) => averageCheck(buckets, timeMs, 30) / averageCheck(buckets, timeMs, 90),
    },
  ],
};

function averageCheck(buckets: PurchaseWindows, timeMs: number, days: number): number {
  const { count, sumMinor } = totalOfDays(buckets, dayOf(timeMs), days);
  return sumMinor / count;
}

import { totalOfDays } from '../day-buckets';
import type { Feature, FeatureGroup } from '../feature-group';
import { dayOf } from '../time-units';
import type { PurchaseWindows } from './purchase-windows';

const lagsWeeks = [1, 2, 3, 4] as const;
const spendLagsWeeks = [1, 2] as const;
const meansWeeks = [4, 12] as const;
const activeWindowDays = 30;

/** Earlier weeks beside the last one, and how they move: read from the days that the windows keep. Weeks end with today. */
export const purchaseWeeks: Omit<FeatureGroup<PurchaseWindows>, 'empty' | 'codec'> = {
  features: [
    ...lagsWeeks.map((lag): Feature<PurchaseWindows> => ({ name: `purchases7dLag${lag}`, type: 'integer', value: (buckets, { timeMs }) => week(buckets, timeMs, lag).count })),
    ...spendLagsWeeks.map((lag): Feature<PurchaseWindows> => ({ name: `spendMinor7dLag${lag}`, type: 'integer', value: (buckets, { timeMs }) => week(buckets, timeMs, lag).sumMinor })),
    ...meansWeeks.map((weeks): Feature<PurchaseWindows> => ({ name: `purchasesWeekMean${weeks}`, type: 'real', value: (buckets, { timeMs }) => totalOfDays(buckets, dayOf(timeMs), 7 * weeks).count / weeks })),
    { name: 'spendMinorWeekMean4', type: 'real', value: (buckets, { timeMs }) => totalOfDays(buckets, dayOf(timeMs), 28).sumMinor / 4 },
    { name: 'purchasesWeekDeviation12', type: 'real', value: (buckets, { timeMs }) => deviation(Array.from({ length: 12 }, (_, lag) => week(buckets, timeMs, lag).count)) },
    { name: 'activeDays30d', type: 'integer', value: (buckets, { timeMs }) => daysWithPurchases(buckets, dayOf(timeMs)) },
  ],
};

/** The seven days that ended so many weeks ago. */
function week(buckets: PurchaseWindows, timeMs: number, lagWeeks: number): { readonly count: number; readonly sumMinor: number } {
  return totalOfDays(buckets, dayOf(timeMs) - 7 * lagWeeks, 7);
}

function deviation(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1));
}

function daysWithPurchases(buckets: PurchaseWindows, today: number): number {
  return buckets.filter(({ day, count }) => count > 0 && day <= today && day > today - activeWindowDays).length;
}

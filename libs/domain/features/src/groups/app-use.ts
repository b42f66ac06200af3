import { addToDay, dayBuckets, totalOfDays, type DayBucket } from '../day-buckets';
import type { FeatureGroup } from '../feature-group';
import { dayOf } from '../time-units';

/** One bucket for each UTC day of the last 7 on which the app was opened; sums stay 0. */
export type AppUse = DayBucket[];

const windowDays = 7;

/** How often the client opens the bank's app. */
export const appUse: FeatureGroup<AppUse> = {
  empty: () => [],
  codec: dayBuckets,
  acted(buckets, { name, timeMs }) {
    if (name === 'app-opened') addToDay(buckets, dayOf(timeMs), 1, 0, windowDays);
  },
  features: [{ name: 'appOpens7d', type: 'integer', value: (buckets, { timeMs }) => totalOfDays(buckets, dayOf(timeMs), windowDays).count }],
};

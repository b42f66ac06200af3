import { rising, type Codec } from './stored/codec';

/** Count and sum of one UTC day; a list is ordered by day and holds no empty day. */
export interface DayBucket {
  day: number;
  count: number;
  sumMinor: number;
}

/** Days as their distances, so that a day costs four or five bytes. */
export const dayBuckets: Codec<DayBucket[]> = {
  write(bytes, buckets) {
    rising.write(bytes, buckets.map(({ day }) => day));
    for (const { count, sumMinor } of buckets) {
      bytes.integer(count);
      bytes.integer(sumMinor);
    }
  },
  read: (bytes) => rising.read(bytes).map((day) => ({ day, count: bytes.integer(), sumMinor: bytes.integer() })),
};

/**
 * Adds to the day's bucket and drops buckets that fall out of the window ending with the latest day.
 * A day already out of the window is left alone: it exists no longer.
 */
export function addToDay(buckets: DayBucket[], day: number, count: number, sumMinor: number, keepDays: number): void {
  const latest = buckets.at(-1)?.day ?? day;
  if (day <= latest - keepDays) return;
  const position = positionOf(buckets, day);
  const bucket = buckets[position];
  if (bucket?.day === day) merge(buckets, position, bucket, count, sumMinor);
  else if (count > 0) buckets.splice(position, 0, { day, count, sumMinor });
  while (buckets[0] && buckets[0].day <= day - keepDays) buckets.shift();
}

export interface WindowTotal {
  readonly count: number;
  readonly sumMinor: number;
}

/** Total of the `days` days that end with `day`, that one included. */
export function totalOfDays(buckets: readonly DayBucket[], day: number, days: number): WindowTotal {
  let count = 0;
  let sumMinor = 0;
  for (let row = buckets.length - 1; row >= 0; row--) {
    const bucket = buckets[row];
    if (!bucket || bucket.day <= day - days) break;
    if (bucket.day > day) continue;
    count += bucket.count;
    sumMinor += bucket.sumMinor;
  }
  return { count, sumMinor };
}

function merge(buckets: DayBucket[], position: number, bucket: DayBucket, count: number, sumMinor: number): void {
  bucket.count += count;
  bucket.sumMinor += sumMinor;
  if (bucket.count === 0) buckets.splice(position, 1);
}

/** Where the day stands or would stand; from the end, since nearly all events are of the latest day. */
function positionOf(buckets: readonly DayBucket[], day: number): number {
  let position = buckets.length;
  while (position > 0 && (buckets[position - 1]?.day ?? -Infinity) >= day) position--;
  return position;
}

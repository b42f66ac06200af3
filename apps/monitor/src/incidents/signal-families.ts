import { rateDetectorDefaults, type Direction, type RateDetectorOptions } from '@sp/monitoring';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export interface SignalFamily {
  /** Signals of one group that turn strange near to each other are one incident. */
  readonly group: (signal: string, direction: Direction) => string;
  readonly options: RateDetectorOptions;
}

/** Hours are few: their episodes open on one or two, and keep firing for less. */
const hourly: RateDetectorOptions = { ...rateDetectorDefaults, bucketMs: hourMs, weekly: false, leastChange: 0.5, learningMs: 0, longestScale: 64, levelHalfLifeMs: 7 * dayMs, episode: { openAt: 13, forBuckets: 2, closeBelow: 5, keepFiringBuckets: 4, lockoutBuckets: 4 } };
const tooMany: RateDetectorOptions = { ...hourly, alarmOn: 'high', episode: { ...hourly.episode, openAt: 11, forBuckets: 1, keepFiringBuckets: 3, lockoutBuckets: 2 } };

/** What has its own hours of the day is judged by the day. */
const daily: RateDetectorOptions = { ...hourly, bucketMs: dayMs, longestScale: 4, levelHalfLifeMs: 14 * dayMs, frozenAtMostMs: 7 * dayMs, episode: { openAt: 11, forBuckets: 1, closeBelow: 5, keepFiringBuckets: 1, lockoutBuckets: 1 } };

/** How each family of signals is judged, by the word before the colon. Shares are counts out of an exposure: they know no time of day. */
const families = {
  /** A stream's events a minute. */
  rate: { group: () => 'streams', options: rateDetectorDefaults },
  /** Of an hour's events: refused, late, known already. Of an hour's purchases: taken back; of visits with an offer: refused by the merchant. */
  share: { group: (signal) => signal, options: tooMany },
  /**
   * A merchant's purchases out of all others': what befalls the whole city befalls no merchant. Too much and too little are two incidents: a shop
   * that is visited more than ever may still lose its terminal. A week goes by before one is judged: weekdays and weekends want to be known.
   */
  merchant: { group: (signal, direction) => `${signal}:${direction}`, options: { ...hourly, learningMs: 7 * dayMs, levelHalfLifeMs: 4 * dayMs, episode: { ...hourly.episode, keepFiringBuckets: 6, lockoutBuckets: 6 } } },
  /** Of an arm's decisions those that end in an offer; of its offers that were seen those that were accepted, by arm and by category. */
  offered: { group: () => 'offers', options: daily },
  accepted: { group: () => 'answers', options: daily },
} satisfies Readonly<Record<string, SignalFamily>>;

export function familyOf(signal: string): SignalFamily {
  const name = signal.split(':', 1)[0] ?? '';
  return Object.hasOwn(families, name) ? families[name as keyof typeof families] : families.rate;
}

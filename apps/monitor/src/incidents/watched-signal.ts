import type { SignalPoint } from '@sp/contracts';
import { RateDetector, rateDetectorDefaults, type IncidentEntry, type RateDetectorOptions } from '@sp/monitoring';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** How each family of signals is judged. Hours are few: their episodes open on one bucket, and keep firing for less. */
const families: Readonly<Record<string, { readonly group: (signal: string) => string; readonly options: RateDetectorOptions }>> = {
  rate: { group: () => 'streams', options: rateDetectorDefaults },
  share: { group: (signal) => signal, options: { ...rateDetectorDefaults, bucketMs: hourMs, weekly: false, alarmOn: 'high', leastChange: 0.5, levelHalfLifeMs: 7 * 24 * hourMs, episode: { openAt: 11, forBuckets: 1, closeBelow: 5, keepFiringBuckets: 3, lockoutBuckets: 2 } } },
  merchant: { group: (signal) => signal, options: { ...rateDetectorDefaults, bucketMs: hourMs, levelHalfLifeMs: 3 * 24 * hourMs, frozenAtMostMs: 4 * 24 * hourMs, episode: { openAt: 13, forBuckets: 2, closeBelow: 5, keepFiringBuckets: 6, lockoutBuckets: 6 } } },
};
const chartPoints = 180;

/** One signal with its detector and the points that a chart of the moment needs. */
export class WatchedSignal {
  readonly bucketMs: number;
  readonly recent: SignalPoint[] = [];
  /** The next bucket to be judged. */
  nextMs: number;
  private readonly detector: RateDetector;
  private readonly group: string;
  private readonly fillsGaps: boolean;

  constructor(readonly signal: string, fromMs: number) {
    const family = families[signal.split(':', 1)[0] ?? ''] ?? families['rate']!;
    this.detector = new RateDetector(family.options);
    this.group = family.group(signal);
    this.bucketMs = family.options.bucketMs;
    this.fillsGaps = family.options.weekly;
    this.nextMs = Math.ceil(fromMs / this.bucketMs) * this.bucketMs;
  }

  /** Judges everything up to that time: what came, and of a rate also the silence between. */
  take(counts: ReadonlyMap<number, { readonly count: number; readonly exposure: number }>, toMs: number): IncidentEntry[] {
    const entries: IncidentEntry[] = [];
    for (; this.nextMs + this.bucketMs <= toMs; this.nextMs += this.bucketMs) {
      const bucket = counts.get(this.nextMs);
      if (!bucket && !this.fillsGaps) continue;
      const { timeMs, count, expected, change, noData, direction } = this.detector.observe({ timeMs: this.nextMs, count: bucket?.count ?? 0, exposure: bucket?.exposure ?? 1 });
      this.recent.push({ timeMs, count, ...(expected !== undefined && { expected: Math.round(expected * 10) / 10 }) });
      if (this.recent.length > chartPoints) this.recent.shift();
      if (change) entries.push({ kind: change === 'opened' ? 'detected' : 'recovered', signal: this.signal, group: this.group, atMs: timeMs + this.bucketMs, noData, direction, count, expected: Math.round((expected ?? 0) * 10) / 10 });
    }
    return entries;
  }
}

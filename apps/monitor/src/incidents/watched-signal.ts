import type { SignalPoint } from '@sp/contracts';
import { RateDetector, rateDetectorDefaults, type Direction, type IncidentEntry, type RateDetectorOptions, type RateReading } from '@sp/monitoring';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** How each family of signals is judged. Hours are few: their episodes open on one bucket, and keep firing for less. */
const families: Readonly<Record<string, { readonly group: (signal: string, direction: Direction) => string; readonly options: RateDetectorOptions }>> = {
  rate: { group: () => 'streams', options: rateDetectorDefaults },
  share: { group: (signal) => signal, options: { ...rateDetectorDefaults, bucketMs: hourMs, weekly: false, alarmOn: 'high', leastChange: 0.5, levelHalfLifeMs: 7 * 24 * hourMs, episode: { openAt: 11, forBuckets: 1, closeBelow: 5, keepFiringBuckets: 3, lockoutBuckets: 2 } } },
  // Too much and too little are two incidents there: a shop that is visited more than ever may still lose its terminal.
  merchant: { group: (signal, direction) => `${signal}:${direction}`, options: { ...rateDetectorDefaults, bucketMs: hourMs, levelHalfLifeMs: 3 * 24 * hourMs, episode: { openAt: 13, forBuckets: 2, closeBelow: 5, keepFiringBuckets: 6, lockoutBuckets: 6 } } },
};
const chartPoints = 180;

/** One signal with its detector and the points that a chart of the moment needs. */
export class WatchedSignal {
  readonly bucketMs: number;
  readonly recent: SignalPoint[] = [];
  /** The next bucket to be judged. */
  nextMs: number;
  private readonly detector: RateDetector;
  private readonly group: (signal: string, direction: Direction) => string;
  /** While an episode is open: its direction, and whether it was told that nothing comes at all. */
  private open: { readonly direction: Direction; readonly noData: boolean } | undefined;
  private readonly fillsGaps: boolean;

  constructor(readonly signal: string, fromMs: number) {
    const family = families[signal.split(':', 1)[0] ?? ''] ?? families['rate']!;
    this.detector = new RateDetector(family.options);
    this.group = family.group;
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
      const reading = this.detector.observe({ timeMs: this.nextMs, count: bucket?.count ?? 0, exposure: bucket?.exposure ?? 1 });
      this.recent.push({ timeMs: reading.timeMs, count: reading.count, ...(reading.expected !== undefined && { expected: rounded(reading.expected) }) });
      if (this.recent.length > chartPoints) this.recent.shift();
      entries.push(...this.changes(reading));
    }
    return entries;
  }

  /** What opens in the other direction closes what was open; a small stream that has become none says so once more. */
  private changes(reading: RateReading): IncidentEntry[] {
    const { change, direction, noData } = reading;
    const before = this.open;
    const fellSilent = before !== undefined && noData && !before.noData;
    if (change === undefined && !fellSilent) return [];
    this.open = change === 'closed' ? undefined : { direction, noData };
    const ended = before && (change === 'closed' || before.direction !== direction);
    return [...(ended ? [this.entry('recovered', reading, before.direction)] : []), ...(this.open ? [this.entry('detected', reading, direction)] : [])];
  }

  private entry(kind: 'detected' | 'recovered', { timeMs, count, expected, noData }: RateReading, direction: Direction): IncidentEntry {
    return { kind, signal: this.signal, group: this.group(this.signal, direction), atMs: timeMs + this.bucketMs, noData, direction, count, expected: rounded(expected ?? 0) };
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

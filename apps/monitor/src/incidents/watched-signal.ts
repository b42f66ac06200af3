import type { SignalPoint } from '@sp/contracts';
import { RateDetector, type Direction, type IncidentEntry, type RateReading } from '@sp/monitoring';
import { familyOf, type SignalFamily } from './signal-families';

const chartPoints = 180;

type Counts = ReadonlyMap<number, { readonly count: number; readonly exposure: number }>;

/** One signal with its detector and the points that a chart of the moment needs. */
export class WatchedSignal {
  readonly bucketMs: number;
  readonly recent: SignalPoint[] = [];
  /** The next bucket to be judged. */
  nextMs: number;
  private readonly detector: RateDetector;
  private readonly group: SignalFamily['group'];
  /** While an episode is open: its direction, and whether it was told that nothing comes at all. */
  private open: { readonly direction: Direction; readonly noData: boolean } | undefined;
  private readonly fillsGaps: boolean;
  private readonly pending = new Map<number, { readonly count: number; readonly exposure: number }>();
  /** Buckets judged since the start. */
  updates = 0;

  constructor(readonly signal: string, fromMs: number) {
    const family = familyOf(signal);
    this.detector = new RateDetector(family.options);
    this.group = family.group;
    this.bucketMs = family.options.bucketMs;
    this.fillsGaps = family.options.weekly;
    this.nextMs = Math.ceil(fromMs / this.bucketMs) * this.bucketMs;
  }

  /** Judges every bucket that is over at that time: what came, and of a rate also the silence between. What came is given once, in whatever pieces. */
  take(counts: Counts, toMs: number): IncidentEntry[] {
    this.keep(counts);
    const entries: IncidentEntry[] = [];
    for (; this.nextMs + this.bucketMs <= toMs && (this.fillsGaps || this.pending.size > 0); this.nextMs += this.bucketMs) {
      const bucket = this.pending.get(this.nextMs);
      if (!bucket && !this.fillsGaps) continue;
      this.pending.delete(this.nextMs);
      entries.push(...this.judge(bucket ?? { count: 0, exposure: 1 }));
    }
    return entries;
  }

  /** What is older than the buckets still open came too late to be judged. */
  private keep(counts: Counts): void {
    for (const [timeMs, { count, exposure }] of counts) {
      const startMs = Math.floor(timeMs / this.bucketMs) * this.bucketMs;
      if (startMs < this.nextMs) continue;
      const before = this.pending.get(startMs);
      this.pending.set(startMs, before ? { count: before.count + count, exposure: before.exposure + exposure } : { count, exposure });
    }
  }

  private judge({ count, exposure }: { readonly count: number; readonly exposure: number }): IncidentEntry[] {
    this.updates++;
    const reading = this.detector.observe({ timeMs: this.nextMs, count, exposure });
    this.recent.push({ timeMs: reading.timeMs, count: reading.count, ...(reading.expected !== undefined && { expected: rounded(reading.expected) }) });
    if (this.recent.length > chartPoints) this.recent.shift();
    return this.changes(reading);
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

export interface DailyCusumOptions {
  /** Drifts below half of this many standard deviations a day are let pass. */
  readonly shiftSd: number;
  /** Alarm when the sum of what exceeds that reaches this many standard deviations. */
  readonly alarmAt: number;
  /** Days on which only the baseline is learned: three of each day of the week. */
  readonly learningDays: number;
}

export const dailyCusumDefaults: DailyCusumOptions = { shiftSd: 1, alarmAt: 8, learningDays: 21 };

export interface DailyCusumReading {
  readonly low: number;
  readonly high: number;
  readonly alarm?: 'low' | 'high';
  /** That day's usual total; absent while it is learned. */
  readonly expected?: number;
}

/** About two months: slower than any leak worth finding, faster than a business changes. */
const baselineWeight = 1 / 60;
const leastSd = 0.01;

/**
 * A slow leak, of which no minute is strange: sums of a day's logarithm against its own day of the week (Page's CUSUM 1954). The
 * baseline and its noise are learned slowly and clipped, so that a leak does not become its own normal before it is found.
 */
export class DailyCusum {
  private readonly baseline = new Float64Array(7);
  private readonly seen = new Uint8Array(7);
  private variance = 0;
  private residuals = 0;
  private days = 0;
  private low = 0;
  private high = 0;

  constructor(private readonly options: DailyCusumOptions = dailyCusumDefaults) {}

  /** One day's total; days come in order, whole ones only. `weekday` 0 to 6 in any fixed numbering. */
  observe(weekday: number, total: number): DailyCusumReading {
    const value = Math.log(total + 1);
    this.days++;
    if (this.days <= this.options.learningDays) return this.learn(weekday, value, Math.max(1 / ((this.seen[weekday] ?? 0) + 1), baselineWeight));
    const z = (value - (this.baseline[weekday] ?? 0)) / Math.max(Math.sqrt(this.variance), leastSd);
    this.low = Math.max(0, this.low - z - this.options.shiftSd / 2);
    this.high = Math.max(0, this.high + z - this.options.shiftSd / 2);
    const alarm: DailyCusumReading['alarm'] = this.low >= this.options.alarmAt ? 'low' : this.high >= this.options.alarmAt ? 'high' : undefined;
    if (alarm) this.low = this.high = 0;
    const reading: DailyCusumReading = { low: this.low, high: this.high, expected: Math.exp(this.baseline[weekday] ?? 0) - 1, ...(alarm && { alarm }) };
    this.learn(weekday, (this.baseline[weekday] ?? 0) + Math.max(-3, Math.min(3, z)) * Math.sqrt(this.variance), baselineWeight * 7);
    return reading;
  }

  private learn(weekday: number, value: number, weight: number): DailyCusumReading {
    const before = this.baseline[weekday] ?? 0;
    if ((this.seen[weekday] ?? 0) > 0) {
      this.residuals++;
      this.variance += Math.max(1 / this.residuals, baselineWeight) * ((value - before) ** 2 / 2 - this.variance);
    }
    this.seen[weekday] = Math.min(255, (this.seen[weekday] ?? 0) + 1);
    this.baseline[weekday] = before + weight * (value - before);
    return { low: 0, high: 0 };
  }
}

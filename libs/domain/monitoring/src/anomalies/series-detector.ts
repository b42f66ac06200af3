import { Tail } from './tail';

export interface SeriesDetectorOptions {
  /** How long a level is remembered, in values. */
  readonly levelHalfLife: number;
  /** Residuals are smoothed over these half-lives, in values. */
  readonly scales: readonly number[];
  /** Deviations below this share of the range seen so far are no deviations. */
  readonly leastOfRange: number;
  /** How much a value beyond everything seen counts: nats for a tenth of the range. */
  readonly noveltyWeight: number;
  /** After a high score only a higher one is news; that height halves in so many values. */
  readonly newsHalfLife: number;
}

/** How these were chosen, and on what: tools/evaluate/nab/README.md. */
export const seriesDetectorDefaults: SeriesDetectorOptions = { levelHalfLife: 200, scales: [2, 20], leastOfRange: 0.03, noveltyWeight: 4, newsHalfLife: 200 };

const dayMs = 86_400_000;
const slotsADay = 96;
const daysBeforeUse = 2;
const slotWeight = 0.2;
/** One wild value moves level and spread by no more than this many spreads. */
const clipSpreads = 6;
/** Residuals saturate here. */
const mostSpreads = 8;
const tailMemory = 1_600;
const rangeDecay = 1e-4;
const learningValues = 30;

/**
 * How strange is each value of any series, of whatever unit: judged by its distance from the decayed level and from the usual value at
 * this time of day, both smoothed at several scales, and by its distance from everything seen so far. Each statistic is calibrated by
 * its own past, and nothing can be rarer than one in all the values seen; the most surprising one speaks. Causal, constant memory.
 */
export class SeriesDetector {
  private readonly tails: Tail[];
  private readonly smoothed: Float64Array;
  private readonly usual = new Float64Array(slotsADay);
  private readonly usualSeen = new Uint16Array(slotsADay);
  private readonly level: Spread;
  private readonly daily: Spread;
  private readonly range = { low: 0, high: 0 };
  private seen = 0;
  private news = 0;

  constructor(private readonly options: SeriesDetectorOptions = seriesDetectorDefaults) {
    const statistics = 2 * options.scales.length;
    this.tails = Array.from({ length: statistics }, () => new Tail({ memory: tailMemory, leastScale: 0.05, clusterOf: 1 }));
    this.smoothed = new Float64Array(statistics);
    this.level = new Spread(options.levelHalfLife);
    this.daily = new Spread(options.levelHalfLife);
  }

  /** From 0 (nothing strange, or no news) towards 1. Values come in the order of their time. */
  score(timeMs: number, value: number): number {
    if (!Number.isFinite(value)) return 0;
    if (this.seen === 0) this.start(value);
    this.seen++;
    const least = Math.max(this.options.leastOfRange * (this.range.high - this.range.low), 1e-9);
    const slot = Math.floor((((timeMs % dayMs) + dayMs) % dayMs) / (dayMs / slotsADay));
    const nats = Math.max(this.levelNats(value, least), this.dailyNats(slot, value, least), this.noveltyNats(value));
    this.learnUsual(slot, value);
    this.widen(value);
    return 1 - Math.exp(-this.newsOf(nats));
  }

  private start(value: number): void {
    this.level.mean = value;
    this.range.low = this.range.high = value;
  }

  private levelNats(value: number, least: number): number {
    return this.smoothedNats(0, this.level.residual(value, least), this.seen);
  }

  private dailyNats(slot: number, value: number, least: number): number {
    if ((this.usualSeen[slot] ?? 0) < daysBeforeUse) return 0;
    this.daily.mean = this.usual[slot] ?? 0;
    return this.smoothedNats(this.options.scales.length, this.daily.residual(value, least), Infinity);
  }

  private smoothedNats(first: number, residual: number, seen: number): number {
    let most = 0;
    for (const [place, halfLife] of this.options.scales.entries()) {
      const before = this.smoothed[first + place] ?? 0;
      const now = before + Math.max(1 - Math.pow(0.5, 1 / halfLife), 1 / seen) * (residual - before);
      this.smoothed[first + place] = now;
      most = Math.max(most, this.surprise(first + place, Math.abs(now)));
    }
    return most;
  }

  private surprise(statistic: number, value: number): number {
    const tail = this.tails[statistic];
    if (!tail) return 0;
    const nats = Math.min(tail.surprise(value), Math.log(Math.max(1, tail.count)));
    tail.learn(value);
    return nats;
  }

  private noveltyNats(value: number): number {
    const { low, high } = this.range;
    if (this.seen <= learningValues) return 0;
    const beyond = Math.max(0, value - high, low - value) / Math.max(high - low, 1e-9);
    return Math.min(10 * this.options.noveltyWeight * beyond, Math.log(this.seen));
  }

  private learnUsual(slot: number, value: number): void {
    const seen = (this.usualSeen[slot] = Math.min(65_535, (this.usualSeen[slot] ?? 0) + 1));
    this.usual[slot] = (this.usual[slot] ?? 0) + Math.max(1 / seen, slotWeight) * (value - (this.usual[slot] ?? 0));
  }

  private widen(value: number): void {
    const { range, level } = this;
    range.high = value > range.high ? value : range.high - (range.high - level.mean) * rangeDecay;
    range.low = value < range.low ? value : range.low + (level.mean - range.low) * rangeDecay;
  }

  private newsOf(nats: number): number {
    this.news *= Math.pow(0.5, 1 / this.options.newsHalfLife);
    if (nats <= this.news) return 0;
    this.news = nats;
    return nats;
  }
}

/** A decayed mean and mean absolute deviation, both clipped against wild values. */
class Spread {
  mean = 0;
  private deviation = 0;
  private seen = 0;

  constructor(private readonly halfLife: number) {}

  /** The value's distance in spreads, before it is learned from. */
  residual(value: number, least: number): number {
    this.seen++;
    const share = Math.max(1 - Math.pow(0.5, 1 / this.halfLife), 1 / this.seen);
    const spread = Math.max(this.deviation, least);
    const distance = value - this.mean;
    this.deviation += share * (Math.min(Math.abs(distance), clipSpreads * spread) - this.deviation);
    this.mean += share * Math.max(-clipSpreads * spread, Math.min(clipSpreads * spread, distance));
    return Math.max(-mostSpreads, Math.min(mostSpreads, distance / spread));
  }
}

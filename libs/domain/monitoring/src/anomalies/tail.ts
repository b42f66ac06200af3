/** What exceeds this quantile describes the tail. */
const beyond = 0.01;
/** -ln of the share beyond it: add it to a surprise to have the whole. */
export const natsAtTail = -Math.log(beyond);
/** Below so many values nothing can be said of a tail. */
const leastSeen = 30;
/** One early value moves the quantile by no more than this many mean excesses. */
const largestGain = 0.5;

export interface TailOptions {
  /** About how many of the newest values count. */
  readonly memory: number;
  /** The smallest mean excess that is believed, in the statistic's own units. */
  readonly leastScale: number;
  /** Exceedances nearer to each other than this many values are one event, and teach the tail's scale once. */
  readonly clusterOf: number;
}

/**
 * How rare a value of a statistic is by the statistic's own past: the excess over its 99 % quantile in units of the mean excess
 * (peaks over a threshold with an exponential tail). The quantile follows by stochastic approximation (Robbins and Monro 1951), its
 * gain 1 / (density x values) being the mean excess / (share beyond x values). Four numbers of memory.
 */
export class Tail {
  private quantile = 0;
  private meanExcess = 0;
  private seen = 0;
  private sinceExceeded = Infinity;

  constructor(private readonly options: TailOptions) {}

  get count(): number {
    return this.seen;
  }

  /** Nats beyond the quantile; 0 inside of it and while too little was seen. */
  surprise(value: number): number {
    if (this.seen < leastSeen || value <= this.quantile) return 0;
    return (value - this.quantile) / Math.max(this.meanExcess, this.options.leastScale);
  }

  /** Learns from a value of at least 0; one far outside teaches no more than five times the mean excess. */
  learn(value: number): void {
    const { memory, leastScale, clusterOf } = this.options;
    if (this.seen === 0) {
      this.quantile = value;
      this.meanExcess = value / 2;
    }
    this.seen++;
    const scale = Math.max(this.meanExcess, leastScale);
    const gain = Math.min(largestGain, 1 / (beyond * Math.min(this.seen, memory)));
    const before = this.quantile;
    const above = value > before;
    this.quantile = Math.max(0, before + gain * scale * (above ? 1 - beyond : -beyond));
    this.sinceExceeded++;
    if (!above || this.sinceExceeded < clusterOf) return;
    this.sinceExceeded = 0;
    this.meanExcess += gain * (Math.min(value - before, 5 * scale) - this.meanExcess);
  }
}

import { EpisodeGate, type EpisodeChange, type EpisodeOptions } from './episode';
import { ResidualScales, type Judgement } from './residual-scales';
import { WeekProfile } from './week-profile';

export interface RateDetectorOptions {
  readonly bucketMs: number;
  /** False for what has no time of day, such as a share of events: then the expectation is exposure times level. */
  readonly weekly: boolean;
  readonly episode: EpisodeOptions;
  /** Whether too little is a trouble too: of refusals it is none. */
  readonly alarmOn: 'both' | 'high';
  /** Up to so many buckets are looked at together; what is slower is the level's. */
  readonly longestScale: number;
  /** How fast the level follows. */
  readonly levelHalfLifeMs: number;
  /** While something may be wrong nothing is learned; after this time what is, is taken for normal. Silence is given seven times as long. */
  readonly frozenAtMostMs: number;
  /** A difference below this share of the expectation is nobody's trouble, however certain. */
  readonly leastChange: number;
  /** Nothing is said of a stream before it has been watched for so long. */
  readonly learningMs: number;
}

/** So many happened in a bucket, out of `exposure` (1 for a plain rate). */
export interface Bucket {
  readonly timeMs: number;
  readonly count: number;
  readonly exposure?: number;
}

export type Direction = 'low' | 'high';

export interface RateReading {
  readonly timeMs: number;
  readonly count: number;
  /** Absent while nothing can be expected yet. */
  readonly expected?: number;
  /** Nats of surprise, of the most surprised scale. */
  readonly score: number;
  readonly direction: Direction;
  readonly state: 'learning' | 'normal' | 'firing';
  /** Nothing at all has come for longer than chance allows: a missing stream is not a small one. */
  readonly noData: boolean;
  readonly change?: EpisodeChange;
}

/** Chosen on synthetic streams of 20 to 2,000 events a minute (see the spec), not on anybody's data. */
export const rateDetectorDefaults: RateDetectorOptions = {
  bucketMs: 60_000,
  weekly: true,
  alarmOn: 'both',
  episode: { openAt: 12, forBuckets: 2, closeBelow: 6, keepFiringBuckets: 5, lockoutBuckets: 15 },
  longestScale: 256,
  levelHalfLifeMs: 3 * 3_600_000,
  frozenAtMostMs: 24 * 3_600_000,
  leastChange: 0.15,
  learningMs: 2 * 86_400_000,
};

/** Empty buckets are no data when so many events were expected in them: exp(-14) is less than one in a million. */
const noDataExpected = 14;
/** A weekly stream is believed after two days; a share once so many events, or none in so much exposure, have come. */
const learningEvents = 30;
const learningExposure = 20_000;
const leastChangeInFirstWeek = 0.45;
const silencePatience = 7;
/** However little came, the level falls no further at once: what has stopped altogether may come back. */
const leastJump = 0.02;
const notFrozen = { forMs: 0, count: 0, expected: 0, silent: false };
const opposite = { low: 'high', high: 'low' } as const;
/** The level begins at 1 with the weight of so many events. */
const priorEvents = 30;

/**
 * Is this stream's rate what it should be? Expectation = usual shape of the week x decayed level, both frozen while something may be
 * wrong. Buckets come in order, each is judged before it is learned from. Memory is constant.
 */
export class RateDetector {
  private readonly profile = new WeekProfile();
  private readonly gates: Readonly<Record<Direction, EpisodeGate>>;
  private readonly residuals: ResidualScales;
  private readonly keptABucket: number;
  private level = 1;
  private levelWeight: number;
  private emptyExpected = 0;
  /** Since something may be wrong: how long, what came, and what the frozen level had expected. */
  private frozen = notFrozen;
  private sinceMs: number | undefined;
  private exposureSeen = 0;
  private eventsSeen = 0;

  constructor(private readonly options: RateDetectorOptions = rateDetectorDefaults) {
    this.gates = { low: new EpisodeGate(options.episode), high: new EpisodeGate(options.episode) };
    this.residuals = new ResidualScales(options.longestScale);
    this.keptABucket = Math.pow(0.5, options.bucketMs / options.levelHalfLifeMs);
    this.levelWeight = options.weekly ? priorEvents : 0;
  }

  observe({ timeMs, count, exposure = 1 }: Bucket): RateReading {
    this.sinceMs ??= timeMs;
    const learning = this.isLearning(timeMs);
    const shape = this.options.weekly ? exposure * (this.profile.at(timeMs) ?? NaN) : exposure;
    if (Number.isNaN(shape)) return this.learnShape(timeMs, count, exposure);
    if (this.levelWeight === 0) return this.learnLevel(timeMs, count, exposure);
    const expected = shape * this.level;
    this.emptyExpected = count > 0 ? 0 : this.emptyExpected + expected;
    const judged = this.residuals.judge(count, expected, { isFiring: this.firing !== undefined, leastChange: this.leastChangeAt(timeMs) });
    const before = this.firing;
    const seen = this.pass(learning ? { low: 0, high: 0 } : { ...judged, ...(this.options.alarmOn === 'high' && { low: 0 }) });
    const timedOut = !learning && this.suspicious && this.isFrozenTooLong(count, expected);
    if (learning || !this.suspicious) this.learn({ timeMs, count, exposure }, shape, expected);
    const { direction, change } = timedOut ? { direction: before ?? seen.direction, change: before && ('closed' as const) } : seen;
    const state = this.firing ? 'firing' : learning ? 'learning' : 'normal';
    return { timeMs, count, expected, score: judged[direction], direction, state, noData: this.isSilent, ...(change && { change }) };
  }

  private get firing(): Direction | undefined {
    return this.gates.low.firing ? 'low' : this.gates.high.firing ? 'high' : undefined;
  }

  private get suspicious(): boolean {
    return this.gates.low.suspicious || this.gates.high.suspicious;
  }

  private get isSilent(): boolean {
    return this.options.alarmOn === 'both' && this.emptyExpected >= noDataExpected;
  }

  /** One episode at a time: what turns from too much to too little is another one, whose opening closes the first. */
  private pass(scores: Judgement): { readonly direction: Direction; readonly change: EpisodeChange } {
    const before = this.firing;
    const changes = { low: this.gates.low.see(scores.low), high: this.gates.high.see(scores.high) };
    const turned = before && changes[opposite[before]] === 'opened';
    if (turned) this.gates[before].end();
    const direction = turned ? opposite[before] : (before ?? this.firing ?? (scores.low > scores.high ? 'low' : 'high'));
    return { direction, change: changes[direction] };
  }

  /** Before this hour of the week was ever seen, a Saturday may be far from a Friday: only gross changes count. */
  private leastChangeAt(timeMs: number): number {
    return this.options.weekly && this.profile.depth(timeMs) !== 'week' ? Math.max(leastChangeInFirstWeek, this.options.leastChange) : this.options.leastChange;
  }

  private isLearning(timeMs: number): boolean {
    const isYoung = timeMs - (this.sinceMs ?? timeMs) < this.options.learningMs;
    return isYoung || (!this.options.weekly && this.eventsSeen < learningEvents && this.exposureSeen < learningExposure);
  }

  private learnShape(timeMs: number, count: number, exposure: number): RateReading {
    this.profile.learn(timeMs, count / exposure);
    return { timeMs, count, score: 0, direction: 'high', state: 'learning', noData: false };
  }

  /** The first exposure of a share: before it nothing is known. */
  private learnLevel(timeMs: number, count: number, exposure: number): RateReading {
    this.learn({ timeMs, count, exposure }, exposure, count);
    return { timeMs, count, score: 0, direction: 'high', state: 'learning', noData: false };
  }

  /** What lasts too long is the new normal: the level jumps to what was seen meanwhile, the last third of the time weighing most. */
  private isFrozenTooLong(count: number, expected: number): boolean {
    const { bucketMs, frozenAtMostMs } = this.options;
    // What comes after a silence is another matter than the silence.
    const { forMs, count: came, expected: due } = this.frozen.silent && count > 0 ? notFrozen : this.frozen;
    const kept = Math.pow(0.5, (3 * bucketMs) / frozenAtMostMs);
    this.frozen = { forMs: forMs + bucketMs, count: came * kept + count, expected: due * kept + expected, silent: this.isSilent };
    if (this.frozen.forMs < frozenAtMostMs * (this.isSilent ? silencePatience : 1)) return false;
    if (this.frozen.expected > 0) this.level *= Math.max(leastJump, this.frozen.count / this.frozen.expected);
    this.gates.low.end();
    this.gates.high.end();
    this.residuals.forget();
    return true;
  }

  private learn({ timeMs, count, exposure = 1 }: Bucket, shape: number, expected: number): void {
    if (this.frozen.forMs > 0) this.frozen = notFrozen;
    this.exposureSeen += exposure;
    this.eventsSeen += count;
    this.residuals.learnDispersion(count, expected);
    const kept = this.levelWeight * this.keptABucket;
    // Both sums decay alike, so busy hours weigh more, as they should.
    if (kept + shape > 0) this.level = (this.level * kept + count) / (kept + shape);
    this.levelWeight = kept + shape;
    if (this.options.weekly && exposure > 0) this.profile.learn(timeMs, count / exposure / Math.max(this.level, 0.05));
  }
}

import { natsAtTail, Tail } from './tail';

/** Buckets that are looked at together: a sudden end shows in the first, half of a thin stream gone in the last. */
const allScales = [1, 4, 16, 64, 256] as const;
/** What the last quarter of an hour was like, beside which something sudden stands out though the whole hour is unusual. */
const backdrop = allScales.indexOf(16);
const sudden = allScales.indexOf(4);
/** The tail of a statistic is remembered for about three days of minutes. */
const tailMemory = 5_000;
const leastTail = 500;
/** Scores above this are too far out to be a sample of what is usual. */
const mostTeaching = 60;
const dispersionWeight = 0.001;

/** Nats of surprise of the most surprised statistic, of those that saw too little and of those that saw too much. */
export interface Judgement {
  readonly low: number;
  readonly high: number;
}

/**
 * How surprising counts are against their expectation: at several scales, and as a sudden change against the last quarter of an hour.
 * Residuals are Anscombe's (1948), so that small counts need no care, over the learned dispersion. The score is the milder of two
 * judgements: the Gaussian tail, and the tail that this very statistic has had so far, which knows of bursts and of a profile that
 * does not quite fit.
 */
export class ResidualScales {
  private readonly seen: Float64Array;
  private readonly due: Float64Array;
  private readonly mass: Float64Array;
  private readonly squares: Float64Array;
  private readonly scales: readonly number[];
  private readonly tails: readonly Tail[];
  private dispersion = 1;

  /** In buckets. */
  constructor(longestScale: number) {
    this.scales = allScales.filter((buckets) => buckets <= longestScale);
    [this.seen, this.due, this.mass, this.squares] = [0, 1, 2, 3].map(() => new Float64Array(this.scales.length)) as [Float64Array, Float64Array, Float64Array, Float64Array];
    this.tails = [...this.scales, 'sudden'].map(() => new Tail({ memory: tailMemory, leastScale: 0.25, clusterOf: 30 }));
  }

  /** `leastChange`: a difference below this share of the expectation scores 0. */
  judge(count: number, expected: number, { isFiring, leastChange }: { readonly isFiring: boolean; readonly leastChange: number }): Judgement {
    const usual = this.ratio(backdrop);
    let [low, high] = [0, 0];
    const weigh = (statistic: number, seen: number, due: number): void => {
      const z = anscombe(seen, due) / Math.sqrt(this.dispersion);
      const score = Math.abs(seen - due) < leastChange * due ? 0 : this.surprise(statistic, Math.abs(z));
      if (z < 0) low = Math.max(low, score);
      else high = Math.max(high, score);
      if (!isFiring && score < mostTeaching) this.tails[statistic]?.learn(Math.abs(z));
    };
    for (const [place, buckets] of this.scales.entries()) {
      const share = 2 / (buckets + 1);
      const worth = this.worth(place, share);
      const seen = (this.seen[place] = mixed(this.seen[place], count, share));
      const due = (this.due[place] = mixed(this.due[place], expected, share));
      weigh(place, seen * worth, due * worth);
      // Both must be strange: what returns to normal is sudden too.
      if (place === sudden && backdrop < this.scales.length && isFurther(seen / Math.max(due, 1e-9), usual)) weigh(this.scales.length, seen * worth, due * worth * usual);
    }
    return { low, high };
  }

  /** So many buckets' luck is in a decayed mean: in the steady state the scale's own number, fewer while it has seen less. */
  private worth(place: number, share: number): number {
    this.mass[place] = mixed(this.mass[place], 1, share);
    this.squares[place] = (1 - share) ** 2 * (this.squares[place] ?? 0) + share ** 2;
    return (this.mass[place] ?? 0) / (this.squares[place] ?? 1);
  }

  /** How many times Poisson's the variance is; one wild bucket moves it little. */
  learnDispersion(count: number, expected: number): void {
    const ratio = (count - expected) ** 2 / Math.max(expected, 1);
    this.dispersion = Math.max(1, mixed(this.dispersion, Math.min(ratio, 16 * this.dispersion), dispersionWeight));
  }

  forget(): void {
    this.seen.fill(0);
    this.due.fill(0);
    this.mass.fill(0);
    this.squares.fill(0);
  }

  private ratio(place: number): number {
    const due = this.due[place] ?? 0;
    return due > 0 ? (this.seen[place] ?? 0) / due : 1;
  }

  private surprise(statistic: number, z: number): number {
    const gaussian = gaussianNats(z);
    const tail = this.tails[statistic];
    return tail && tail.count > leastTail ? Math.min(gaussian, natsAtTail + tail.surprise(z)) : gaussian;
  }
}

function isFurther(ratio: number, usual: number): boolean {
  return Math.abs(Math.log(Math.max(ratio, 0.01))) > Math.abs(Math.log(Math.max(usual, 0.01)));
}

function mixed(before: number | undefined, value: number, share: number): number {
  return (before ?? 0) + share * (value - (before ?? 0));
}

/** Two Poisson means in standard deviations of their difference. */
function anscombe(count: number, expected: number): number {
  return 2 * (Math.sqrt(count + 0.375) - Math.sqrt(expected + 0.375));
}

/** -ln of the one-sided tail by its asymptotic form, exact enough above 2, where it matters. */
function gaussianNats(z: number): number {
  return z < 1 ? 0 : (z * z) / 2 + Math.log(z * 2.5066);
}

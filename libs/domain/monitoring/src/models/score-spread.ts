/** The scores that a model gave in an hour. */
export interface HourOfScores {
  readonly version: string;
  readonly count: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly distinct: number;
}

export interface SpreadReading {
  readonly version: string;
  readonly count: number;
  /** Standard deviation of the scores, and what is usual, as far as it is known. */
  readonly spread: number;
  readonly usualSpread?: number;
  readonly isCollapsed: boolean;
}

/** Scores are judged when so many have come. */
const leastScores = 20;
/** A spread below this share of the usual one is a model that has stopped telling clients apart. */
const leastSpread = 0.1;
/** Where nothing is usual yet: so few different values in as many scores. */
const leastDistinct = 0.1;
const newestWeight = 0.05;

/** Has a model collapsed into a constant? Its scores' spread against the usual one of this and earlier models, which a collapsed one does not change. */
export class ScoreSpread {
  private readonly open = new Map<string, HourOfScores>();
  private usualVariance: number | undefined;

  /** Undefined until enough scores of the version have come. */
  see(hour: HourOfScores): SpreadReading | undefined {
    const before = this.open.get(hour.version);
    const all = before ? { version: hour.version, count: before.count + hour.count, sum: before.sum + hour.sum, sumSquares: before.sumSquares + hour.sumSquares, distinct: Math.max(before.distinct, hour.distinct) } : hour;
    if (all.count < leastScores) return void this.open.set(hour.version, all);
    this.open.delete(hour.version);
    return this.judge(all);
  }

  private judge({ version, count, sum, sumSquares, distinct }: HourOfScores): SpreadReading {
    const variance = Math.max(0, sumSquares / count - (sum / count) ** 2);
    const usual = this.usualVariance;
    const isCollapsed = usual === undefined ? distinct <= leastDistinct * count : variance < leastSpread ** 2 * usual;
    if (!isCollapsed) this.usualVariance = (usual ?? variance) + newestWeight * (variance - (usual ?? variance));
    return { version, count, spread: Math.sqrt(variance), ...(usual !== undefined && { usualSpread: Math.sqrt(usual) }), isCollapsed };
  }
}

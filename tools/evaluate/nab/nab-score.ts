/** One series with what a detector said of it. */
export interface ScoredSeries {
  readonly name: string;
  readonly timesMs: readonly number[];
  readonly scores: readonly number[];
  /** Inclusive at both ends, in order. */
  readonly windows: readonly (readonly [fromMs: number, toMs: number])[];
}

/** What a detection in a window, one outside of any, and a missed window are worth. */
export interface ApplicationProfile {
  readonly name: string;
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** The benchmark's own (Lavin and Ahmad 2015, config/profiles.json of the benchmark). */
export const nabProfiles: readonly ApplicationProfile[] = [
  { name: 'standard', truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  { name: 'reward_low_FP_rate', truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  { name: 'reward_low_FN_rate', truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
];

export interface NabResult {
  /** 0 is a detector that says nothing, 100 one that finds every window at its first moment and nothing else. */
  readonly normalised: number;
  /** Over the whole corpus, where the score is highest. */
  readonly threshold: number;
  readonly foundWindows: number;
  readonly windows: number;
  readonly falsePositives: number;
}

/** A record with what it is worth should it be detected. */
interface Point {
  readonly score: number;
  readonly worth: number;
  readonly window: string | undefined;
}

/**
 * The benchmark's scoring: the first 15 % of a series (at most 750 records) are not judged; a window is worth its best detection, the
 * earlier the more, by a sigmoid over the window; a false one costs more the farther it is behind the last window. The threshold is
 * the one with the best sum over all series.
 */
export function nabScore(series: readonly ScoredSeries[], profile: ApplicationProfile): NabResult {
  const points = series.flatMap((one) => pointsOf(one, profile)).sort((a, b) => b.score - a.score);
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const silent = -windows * profile.falseNegative;
  const best = new Map<string, number>();
  let [sum, falsePositives] = [silent, 0];
  let top = { sum, threshold: Infinity, foundWindows: 0, falsePositives };
  for (const [place, { score, worth, window }] of points.entries()) {
    if (window === undefined) {
      sum += worth;
      falsePositives++;
    } else {
      const before = best.get(window) ?? -profile.falseNegative;
      sum += Math.max(0, worth - before);
      best.set(window, Math.max(worth, before));
    }
    const isLast = place + 1 === points.length || (points[place + 1]?.score ?? -Infinity) < score;
    if (isLast && sum > top.sum) top = { sum, threshold: score, foundWindows: best.size, falsePositives };
  }
  const normalised = windows === 0 ? NaN : (100 * (top.sum - silent)) / (windows * profile.truePositive - silent);
  return { normalised, threshold: top.threshold, foundWindows: top.foundWindows, windows, falsePositives: top.falsePositives };
}

/** Records of a series that are not judged: its first 15 %, at most 15 % of 5,000. */
export function probation(records: number): number {
  return Math.floor(Math.min(0.15 * records, 0.15 * 5_000));
}

function pointsOf({ name, timesMs, scores, windows }: ScoredSeries, profile: ApplicationProfile): Point[] {
  const bounds = windows.map(([fromMs, toMs]) => ({ first: timesMs.findIndex((timeMs) => timeMs >= fromMs), last: timesMs.findLastIndex((timeMs) => timeMs <= toMs) }));
  const unjudged = probation(timesMs.length);
  return scores.flatMap((score, at): Point[] => {
    if (at < unjudged) return [];
    const window = bounds.findIndex(({ first, last }) => at >= first && at <= last);
    const inside = bounds[window];
    if (inside) return [{ score, worth: (profile.truePositive * sigmoid(-(inside.last - at + 1) / (inside.last - inside.first + 1))) / sigmoid(-1), window: `${name} ${window}` }];
    const before = bounds.findLast(({ last }) => last < at);
    const worth = before ? sigmoid((at - before.last) / Math.max(1, before.last - before.first)) : -1;
    return [{ score, worth: profile.falsePositive * worth, window: undefined }];
  });
}

/** From 1 at the window's beginning through 0 at its end to -1 far behind it. */
function sigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

export interface Judged {
  readonly score: number;
  /** A person's verdict. */
  readonly isTrue: boolean;
}

/**
 * The score from which on a case is opened: where F-beta over the verdicts is highest, the higher one of equals. With beta 0.25 a false
 * accusation weighs sixteen times a missed one. Undefined where no verdict is true.
 */
export function fBetaThreshold(verdicts: readonly Judged[], beta = 0.25): { readonly threshold: number; readonly fBeta: number } | undefined {
  const all = verdicts.filter(({ isTrue }) => isTrue).length;
  if (all === 0) return undefined;
  const ordered = [...verdicts].sort((a, b) => b.score - a.score);
  let best: { threshold: number; fBeta: number } | undefined;
  let found = 0;
  for (const [place, { score, isTrue }] of ordered.entries()) {
    if (isTrue) found++;
    if (ordered[place + 1]?.score === score) continue;
    const [precision, recall] = [found / (place + 1), found / all];
    const fBeta = found === 0 ? 0 : ((1 + beta * beta) * precision * recall) / (beta * beta * precision + recall);
    if (fBeta > (best?.fBeta ?? -1)) best = { threshold: score, fBeta };
  }
  return best;
}

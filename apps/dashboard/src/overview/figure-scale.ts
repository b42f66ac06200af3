import type { Figure } from '@sp/contracts';

export interface Scale {
  readonly from: number;
  readonly to: number;
}

/**
 * One scale for a column of intervals, with a little air; `including` is a value that must be on it (zero for shares and lifts).
 * Without it the scale spans the intervals alone: differences between arms matter there, not their distance from zero.
 */
export function scaleOf(figures: readonly (Figure | undefined)[], including?: number): Scale {
  const known = figures.filter((figure) => figure?.known === true);
  const ends = known.flatMap(({ low, high }) => [low, high]).concat(including ?? []);
  if (ends.length === 0) return { from: 0, to: 1 };
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  const air = (to - from || Math.abs(to) || 1) * 0.06;
  return { from: from === including ? from : from - air, to: to === including ? to : to + air };
}

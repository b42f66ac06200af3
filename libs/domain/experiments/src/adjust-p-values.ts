/** Corrections over a family of tests; the first three hold the chance of any false alarm, the last two the share of false ones. */
export const corrections = ['bonferroni', 'holm', 'hochberg', 'benjamini-hochberg', 'benjamini-yekutieli'] as const;

export type Correction = (typeof corrections)[number];

/**
 * Adjusted p-values in the order given; one of at most alpha is rejected at alpha. Holm 1979; Hochberg 1988; Benjamini and Hochberg
 * 1995; Benjamini and Yekutieli 2001 (any dependence). The same as R's `p.adjust`.
 * @throws RangeError for what is no probability
 */
export function adjustPValues(pValues: readonly number[], correction: Correction): number[] {
  if (pValues.some((p) => !(p >= 0 && p <= 1))) throw new RangeError('a p-value is a number from 0 to 1');
  const m = pValues.length;
  if (correction === 'bonferroni') return pValues.map((p) => Math.min(1, p * m));
  const ascending = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const harmonic = ascending.reduce((sum, _, rank) => sum + 1 / (rank + 1), 0);
  const factor: Record<Exclude<Correction, 'bonferroni'>, (rank: number) => number> = {
    'holm': (rank) => m - rank,
    'hochberg': (rank) => m - rank,
    'benjamini-hochberg': (rank) => m / (rank + 1),
    'benjamini-yekutieli': (rank) => (harmonic * m) / (rank + 1),
  };
  const scaled = ascending.map(({ p }, rank) => Math.min(1, p * factor[correction](rank)));
  const monotone = correction === 'holm' ? running(scaled, Math.max) : running(scaled.reverse(), Math.min).reverse();
  const adjusted = new Array<number>(m);
  ascending.forEach(({ index }, rank) => (adjusted[index] = monotone[rank]!));
  return adjusted;
}

function running(values: readonly number[], choose: (a: number, b: number) => number): number[] {
  let last: number | undefined;
  return values.map((value) => (last = last === undefined ? value : choose(last, value)));
}

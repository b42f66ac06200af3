import type { BenchResult, Row } from './result';
import { aligned, ratioText } from './table';

export interface Comparison {
  readonly path: string;
  readonly setting: string;
  readonly before: number;
  readonly now: number;
  readonly verdict: 'better' | 'worse' | 'alike';
}

/** Runs are compared by their ratios. Only where the rounds of the two runs do not overlap at all is one said to be better. */
export function compare(before: BenchResult, now: BenchResult): Comparison[] {
  return now.rows.flatMap((row) => {
    const old = before.rows.find(({ path, setting }) => path === row.path && setting === row.setting);
    return old ? [{ path: row.path, setting: row.setting, before: old.ratio, now: row.ratio, verdict: verdictOf(old, row) }] : [];
  });
}

function verdictOf(old: Row, row: Row): Comparison['verdict'] {
  const moreIsBetter = row.unit !== 'ms';
  if (row.range[0] > old.range[1]) return moreIsBetter ? 'better' : 'worse';
  if (row.range[1] < old.range[0]) return moreIsBetter ? 'worse' : 'better';
  return 'alike';
}

export function comparisonText(comparisons: readonly Comparison[]): string {
  const lines = comparisons.map(({ path, setting, before, now, verdict }) => [path, setting, ratioText(before), ratioText(now), verdict]);
  return aligned([['path', 'setting', 'ratio before', 'ratio now', ''], ...lines]);
}

/** Of the values that are known. */
export interface ColumnStatistics {
  readonly known: number;
  readonly distinct: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
  /** At 1, 5, 25, 50, 75, 95 and 99 %. */
  readonly quantiles: readonly number[];
  /** Counts of equal bins from the 1 % to the 99 % quantile; what lies outside is in the first and the last. */
  readonly histogram: readonly number[];
}

export const quantileLevels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
const bins = 24;

export function columnStatistics(column: Float64Array): ColumnStatistics {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return { known: 0, distinct: 0, minimum: NaN, maximum: NaN, mean: NaN, deviation: NaN, quantiles: quantileLevels.map(() => NaN), histogram: [] };
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const quantiles = quantileLevels.map((level) => quantile(sorted, level));
  return {
    known: sorted.length, distinct: distinctOf(sorted), minimum: sorted[0] ?? NaN, maximum: sorted.at(-1) ?? NaN, mean, quantiles,
    deviation: sorted.length < 2 ? 0 : Math.sqrt(squares / (sorted.length - 1)),
    histogram: histogramOf(sorted, quantiles[0] ?? NaN, quantiles.at(-1) ?? NaN),
  };
}

/** Pearson's r over the rows in which both are known; NaN where one does not vary. With a target of 0 and 1 it is the point-biserial correlation. */
export function correlation(one: Float64Array, other: Float64Array): number {
  let [n, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < one.length; row++) {
    const [x, y] = [one[row] ?? NaN, other[row] ?? NaN];
    if (x !== x || y !== y) continue;
    n++;
    const dx = x - meanX;
    meanX += dx / n;
    xx += dx * (x - meanX);
    const dy = y - meanY;
    meanY += dy / n;
    yy += dy * (y - meanY);
    xy += dx * (y - meanY);
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : NaN;
}

/** How well the value alone ranks positives above negatives, ties counted half (Mann-Whitney); 0.5 is not at all. Over known values; NaN without both kinds. */
export function rankingPower(column: Float64Array, target: Float64Array): number {
  const rows = Array.from(column, (value, row) => ({ value, positive: target[row] === 1 })).filter(({ value }) => !Number.isNaN(value)).sort((a, b) => a.value - b.value);
  const positives = rows.filter(({ positive }) => positive).length;
  const negatives = rows.length - positives;
  if (positives === 0 || negatives === 0) return NaN;
  let [below, won] = [0, 0];
  for (let from = 0; from < rows.length; ) {
    let [to, tiedPositive] = [from, 0];
    for (; to < rows.length && rows[to]?.value === rows[from]?.value; to++) if (rows[to]?.positive) tiedPositive++;
    const tiedNegative = to - from - tiedPositive;
    won += tiedPositive * (below + tiedNegative / 2);
    below += tiedNegative;
    from = to;
  }
  return won / (positives * negatives);
}

/** Between neighbours, as spreadsheets do. */
function quantile(sorted: Float64Array, level: number): number {
  const place = level * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function distinctOf(sorted: Float64Array): number {
  let distinct = 1;
  for (let row = 1; row < sorted.length; row++) if (sorted[row] !== sorted[row - 1]) distinct++;
  return distinct;
}

function histogramOf(sorted: Float64Array, low: number, high: number): number[] {
  if (!(high > low)) return [sorted.length];
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

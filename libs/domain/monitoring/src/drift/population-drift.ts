import gammainc from '@stdlib/math-base-special-gammainc';

export interface DriftOptions {
  /** Chance that anything at all is called drifted in a window in which nothing is. */
  readonly falseAlarms: number;
  /** So many distributions are judged in the window: they share that chance. */
  readonly tests: number;
  /** A difference below this index is nobody's trouble, however certain. */
  readonly leastIndex: number;
}

export const driftDefaults: DriftOptions = { falseAlarms: 0.01, tests: 1, leastIndex: 0.02 };

export interface Drift {
  readonly rows: number;
  /** Population stability index, less what chance alone adds to it in samples of these sizes; 0 where that is all. */
  readonly index: number;
  /** Of the mean rank, in standard deviations of its difference; positive is upwards. */
  readonly shiftZ: number;
  readonly pValue: number;
  readonly drifted: boolean;
}

/** Below so many rows nothing is called drifted. */
const leastRows = 200;
const mostBins = 10;
/** Neighbouring bins are joined until each is expected to hold so many of the smaller sample. */
const leastExpected = 8;
/** Two questions share the chance; a third of it is kept for tails that are a little heavier than their limits. */
const shares = 3;

/** Inner edges between tenths of the reference, fewer where it has few different values. What is missing (NaN) has a bin of its own. */
export function binEdges(reference: readonly number[]): number[] {
  const sorted = reference.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const edges = Array.from({ length: mostBins - 1 }, (_, place) => sorted[Math.floor(((place + 1) / mostBins) * sorted.length)] ?? 0);
  return [...new Set(edges)].filter((edge) => edge > (sorted[0] ?? 0));
}

/** How many values lie in each bin, from below; the last count is of those missing. */
export function countInBins(edges: readonly number[], values: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (const value of values) {
    counts[Number.isNaN(value) ? edges.length + 1 : binOf(edges, value)]!++;
  }
  return counts;
}

function binOf(edges: readonly number[], value: number): number {
  let place = 0;
  while (place < edges.length && value >= edges[place]!) place++;
  return place;
}

/**
 * Does a sample come from another distribution than the reference did? Two questions to the counts in bins: is the shape another (chi-square for two
 * samples), has the middle moved (mean rank, Bross's ridits 1958, which sees a small shift sooner)? Their thresholds follow from the sizes of both
 * samples. Rows must be independent of each other: one a client.
 */
export function driftOf(reference: readonly number[], current: readonly number[], options: DriftOptions = driftDefaults): Drift {
  const [past, now] = joined(reference, current);
  const [pastRows, rows] = [sum(past), sum(now)];
  if (pastRows === 0 || rows === 0) return { rows, index: 0, shiftZ: 0, pValue: 1, drifted: false };
  const shiftZ = ridits(past, now);
  const pValue = Math.min(1, shares * Math.min(chiSquareTail(past, now), 2 * normalTail(Math.abs(shiftZ))));
  const chance = (past.length - 1) * (1 / pastRows + 1 / rows);
  const index = Math.max(0, stabilityIndex(past, now) - chance);
  return { rows, index, shiftZ, pValue, drifted: Math.min(pastRows, rows) >= leastRows && pValue < options.falseAlarms / options.tests && index >= options.leastIndex };
}

/** Bins that are too thin for the normal limit join their neighbour; both samples alike. */
function joined(reference: readonly number[], current: readonly number[]): [number[], number[]] {
  const all = sum(reference) + sum(current);
  const share = Math.min(sum(reference), sum(current)) / Math.max(1, all);
  const [past, now]: [number[], number[]] = [[], []];
  let [a, b] = [0, 0];
  for (const [place, count] of reference.entries()) {
    a += count;
    b += current[place] ?? 0;
    if ((a + b) * share < leastExpected) continue;
    past.push(a);
    now.push(b);
    [a, b] = [0, 0];
  }
  if (past.length > 0) {
    past[past.length - 1]! += a;
    now[now.length - 1]! += b;
  }
  return [past, now];
}

function chiSquareTail(past: readonly number[], now: readonly number[]): number {
  if (past.length < 2) return 1;
  const [pastRows, rows] = [sum(past), sum(now)];
  const statistic = past.reduce((total, count, place) => total + (count * Math.sqrt(rows / pastRows) - (now[place] ?? 0) * Math.sqrt(pastRows / rows)) ** 2 / (count + (now[place] ?? 0)), 0);
  return gammainc(statistic / 2, (past.length - 1) / 2, true, true);
}

/** A row's rank is the share of both samples below its bin and half of those in it. */
function ridits(past: readonly number[], now: readonly number[]): number {
  const [pastRows, rows] = [sum(past), sum(now)];
  const all = pastRows + rows;
  let [below, pastMean, mean, square] = [0, 0, 0, 0];
  for (const [place, count] of past.entries()) {
    const here = count + (now[place] ?? 0);
    const rank = (below + here / 2) / all;
    below += here;
    pastMean += (rank * count) / pastRows;
    mean += (rank * (now[place] ?? 0)) / rows;
    square += ((rank - 0.5) ** 2 * here) / all;
  }
  return square === 0 ? 0 : (mean - pastMean) / Math.sqrt(square * (1 / pastRows + 1 / rows));
}

function stabilityIndex(past: readonly number[], now: readonly number[]): number {
  const [pastRows, rows] = [sum(past) + 0.5 * past.length, sum(now) + 0.5 * now.length];
  return past.reduce((total, count, place) => {
    const [before, after] = [(count + 0.5) / pastRows, ((now[place] ?? 0) + 0.5) / rows];
    return total + (after - before) * Math.log(after / before);
  }, 0);
}

/** P(Z > z) for z of at least 0. */
function normalTail(z: number): number {
  return z === 0 ? 0.5 : gammainc((z * z) / 2, 0.5, true, true) / 2;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

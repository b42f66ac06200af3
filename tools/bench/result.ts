import type { Machine } from './machine';

/** What a ratio is held against; ratios move less between machines than times do. */
export interface Aim {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Of our own time, where people wait for it: in the row's unit. */
  readonly oursAtMost?: number;
}

/** One path through the system in one setting: the raw limit and ours, taken in the same run, in turn. */
export interface Row {
  readonly path: string;
  readonly setting: string;
  readonly unit: 'events/s' | 'ms';
  readonly raw: number;
  readonly ours: number;
  /** ours / raw, the median of the rounds. */
  readonly ratio: number;
  /** The least and the greatest ratio of the rounds. */
  readonly range: readonly [number, number];
  readonly aim?: Aim;
  readonly note?: string;
}

/** Where the time went: shares of one process's time that add up to 1, or the cores that each process kept busy. */
export interface Shares {
  readonly of: string;
  readonly shares: Readonly<Record<string, number>>;
}

export interface Findings {
  readonly rows: readonly Row[];
  readonly shares: readonly Shares[];
}

export interface BenchResult extends Findings {
  readonly takenAt: string;
  readonly machine: Machine;
}

/** One round: the raw limit and ours, measured one right after the other. */
export interface Round {
  readonly raw: number;
  readonly ours: number;
}

/** Each round's own ratio is taken first: what else the machine did then slowed both of its halves. */
export function rowOf(about: Pick<Row, 'path' | 'setting' | 'unit' | 'aim' | 'note'>, rounds: readonly Round[]): Row {
  const ratios = rounds.map(({ raw, ours }) => ours / raw);
  return {
    ...about,
    raw: median(rounds.map(({ raw }) => raw)),
    ours: median(rounds.map(({ ours }) => ours)),
    ratio: median(ratios),
    range: [Math.min(...ratios), Math.max(...ratios)],
  };
}

export function isMet({ ratio, ours, aim }: Row): boolean | undefined {
  if (!aim) return undefined;
  return ratio >= (aim.atLeast ?? -Infinity) && ratio <= (aim.atMost ?? Infinity) && ours <= (aim.oursAtMost ?? Infinity);
}

/** The middle value, the mean of the two middle ones for an even number. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('the median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The smallest value that at least this share of all does not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('the quantile of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

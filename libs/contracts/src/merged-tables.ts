import type { StageName } from './topology';

/** Rows of whole numbers by key, as they travel: the columns are named once. */
export interface NumberTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly [key: string, ...numbers: number[]])[];
}

/** One row: whole numbers by their names. Sums of them are the same in whatever order they are added. */
export type NumberRow = Readonly<Record<string, number>>;

/**
 * What is known of a merchant over all clients and partitions, since the data folder was begun. Real offers alone: ghosts leave no trace here.
 * A response counts once an offer, however often it is repeated. Amounts are of purchases less what was reversed, one sum for each currency.
 */
export interface MerchantStatistics {
  readonly offersIssued: number;
  readonly offersViewed: number;
  readonly offersAccepted: number;
  readonly offersDeclined: number;
  readonly offersRedeemed: number;
  /** Where the merchant refused the client his discount. */
  readonly offersRefused: number;
  readonly offersConfirmed: number;
  /** With any first word of the merchant's, and the minutes from issue to that word, summed. */
  readonly offersAnswered: number;
  readonly answerMinutes: number;
  readonly purchases: number;
  readonly purchasesReversed: number;
  /** Event time of every purchase, reversed or not, in whole hours since 1970, summed: with their number it gives how old they are in the mean. */
  readonly visitHours: number;
  readonly [amountMinor: `amountMinor:${string}`]: number;
}

/**
 * What the clients of a segment spend, in the currency that features count in; less what was reversed. Of the whole segment, or of one group of
 * merchant categories in it, where only the amount is kept.
 */
export interface SegmentSpend {
  readonly spendMinor: number;
  /** Clients who are in the segment now. */
  readonly clients: number;
  /** Their first days known, in whole days since 1970, summed: with their number it gives for how long they have been watched. */
  readonly firstDays: number;
}

/** The tables that stages add to by deltas, merged over all partitions and brought to everybody by the control log; keys are the rows' ids. */
export interface MergedTables {
  /** By merchant id; written by the feedback loop. */
  'merchant-statistics': MerchantStatistics;
  /** By model, campaign and segment; predicted and real redemptions by the days of issue. Written by the feedback loop, read by the bandit of the offers' domain. */
  'offer-answers': NumberRow;
  /** By `segmentKey`. */
  'segment-spend': SegmentSpend;
}
export type MergedTableName = keyof MergedTables;

export const mergedTableNames = ['merchant-statistics', 'offer-answers', 'segment-spend'] as const satisfies readonly MergedTableName[];

/** Who adds to it, and merges it. */
export const gatheringStages = { 'merchant-statistics': 'feedback-loop', 'offer-answers': 'feedback-loop', 'segment-spend': 'feature-store' } as const satisfies Record<MergedTableName, StageName>;

/** The key of a segment's row, or of one group of categories in it. */
export function segmentKey(segment: string, group?: string): string {
  return group === undefined ? segment : `${segment}|${group}`;
}

export function numberTable(rows: Iterable<readonly [key: string, row: NumberRow]>): NumberTable {
  const all = [...rows];
  const columns = [...new Set(all.flatMap(([, row]) => Object.keys(row)))].sort();
  return { columns, rows: all.map(([key, row]) => [key, ...columns.map((column) => row[column] ?? 0)] as const) };
}

export function* rowsOfTable({ columns, rows }: NumberTable): Iterable<readonly [key: string, row: NumberRow]> {
  for (const [key, ...numbers] of rows) yield [key, Object.fromEntries(columns.map((column, place) => [column, numbers[place] ?? 0]))];
}

export function sumOfRows(one: NumberRow | undefined, other: NumberRow): NumberRow {
  const sum: Record<string, number> = { ...one };
  for (const [name, number] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + number;
  return sum;
}

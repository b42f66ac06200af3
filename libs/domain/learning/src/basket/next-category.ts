export interface CategorisedPurchase {
  readonly client: string;
  /** Days since any epoch. */
  readonly day: number;
  readonly category: string;
}

export interface ClientDay {
  readonly day: number;
  /** Purchases by category, in the order of `categories`. */
  readonly counts: readonly number[];
}

export interface DailyCounts {
  /** Most frequent first; the rare ones are "other", the last. */
  readonly categories: readonly string[];
  readonly clients: readonly (readonly ClientDay[])[];
}

/** Purchases resampled by day: one row for each client and day with a purchase. */
export function countsByDay(purchases: readonly CategorisedPurchase[], maximumCategories: number): DailyCounts {
  const totals = new Map<string, number>();
  for (const { category } of purchases) totals.set(category, (totals.get(category) ?? 0) + 1);
  const ranked = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([category]) => category);
  const categories = ranked.length <= maximumCategories ? ranked : [...ranked.slice(0, maximumCategories - 1), 'other'];
  const place = new Map(categories.map((category, at) => [category, at]));
  const clients = new Map<string, Map<number, number[]>>();
  for (const { client, day, category } of purchases) {
    const days = clients.get(client) ?? new Map<number, number[]>();
    const counts = days.get(day) ?? new Array<number>(categories.length).fill(0);
    const at = place.get(category) ?? categories.length - 1;
    counts[at] = (counts[at] ?? 0) + 1;
    clients.set(client, days.set(day, counts));
  }
  return { categories, clients: [...clients.values()].map((days) => [...days].sort(([a], [b]) => a - b).map(([day, counts]) => ({ day, counts }))) };
}

export interface NextCategoryRows {
  readonly features: Float32Array;
  readonly columns: number;
  /** The category with most purchases on the client's next day. */
  readonly labels: Float32Array;
  readonly days: Float64Array;
  readonly classes: number;
  /** The client's most frequent category so far: what personal frequency would say. */
  readonly personal: Int32Array;
}

const SHIFTS = 3;
const MOVING_DAYS = 7;

/**
 * One row for each client-day that has a next one. Without history: the day's counts. With it: also the counts of the client's days
 * before (shift), their moving average, his frequencies so far, the days since each category and since his last day, and the weekday.
 */
export function nextCategoryRows({ categories, clients }: DailyCounts, { history }: { readonly history: boolean }): NextCategoryRows {
  const rows: number[][] = [];
  const [labels, days, personal]: [number[], number[], number[]] = [[], [], []];
  for (const own of clients) {
    own.slice(0, -1).forEach((today, place) => {
      const past = own.slice(0, place + 1);
      const sums = sumOf(past.map(({ counts }) => counts), categories.length);
      rows.push(history ? [...today.counts, ...historyOf(past, sums)] : [...today.counts]);
      labels.push(largest(own[place + 1]!.counts));
      days.push(today.day);
      personal.push(largest(sums));
    });
  }
  return { features: Float32Array.from(rows.flat()), columns: rows[0]?.length ?? 0, labels: Float32Array.from(labels), days: Float64Array.from(days), classes: categories.length, personal: Int32Array.from(personal) };
}

function historyOf(past: readonly ClientDay[], sums: readonly number[]): number[] {
  const today = past.at(-1)!;
  const empty = sums.map(() => NaN);
  const shifted = Array.from({ length: SHIFTS }, (_, shift) => past.at(-2 - shift)?.counts ?? empty).flat();
  const recent = past.slice(-MOVING_DAYS);
  const moving = sumOf(recent.map(({ counts }) => counts), sums.length).map((sum) => sum / recent.length);
  const total = sums.reduce((a, b) => a + b, 0);
  const since = sums.map((_, category) => {
    const last = past.findLast(({ counts }) => (counts[category] ?? 0) > 0);
    return last ? today.day - last.day : NaN;
  });
  return [...shifted, ...moving, ...sums.map((sum) => sum / total), ...since, today.day - (past.at(-2)?.day ?? NaN), today.day % 7, past.length];
}

function sumOf(all: readonly (readonly number[])[], length: number): number[] {
  return Array.from({ length }, (_, place) => all.reduce((sum, counts) => sum + (counts[place] ?? 0), 0));
}

function largest(counts: readonly number[]): number {
  return counts.reduce((best, count, place) => (count > (counts[best] ?? 0) ? place : best), 0);
}

import type { PurchaseRow, Purchases } from './purchases';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export type Measured = number | undefined;

export interface Measure {
  readonly name: string;
  /** Undefined where the set cannot say it. */
  of(set: Purchases): Measured;
  /** Where one set alone says it: what is usual among its clients, from the tenth to the ninetieth of a hundred. */
  range?(set: Purchases): readonly [number, number] | undefined;
  /** Why it is shown and not judged. */
  readonly notJudged?: string;
}

/** Its publisher drew them nearly anew for each purchase: nobody shops like that. */
const oneVisitMerchants = 'anz has a merchant for nearly every purchase';

/** Gaps, repeats, concentration, hours of the week, tail of the amounts: numbers without a unit where possible, so that sets can be compared. */
export const measures: readonly Measure[] = [
  ofClients('gap between purchases, median days (middle client)', (gaps) => quantile(gaps, 0.5)),
  ofClients('gap between purchases, spread: sd / mean (middle client)', spread),
  { name: 'gap at the same merchant, spread (sd / mean)', of: (set) => spread(pairGaps(set)) },
  { name: 'gap at the same merchant, 90 % over median', of: (set) => quantile(pairGaps(set), 0.9) / quantile(pairGaps(set), 0.5) },
  { name: 'clients who come again to a merchant within 30 days', of: (set) => returning(set.rows) },
  { name: 'share of a client’s purchases at his first merchant, mean', of: (set) => (set.manyMerchants ? topShare(set.rows) : undefined), notJudged: oneVisitMerchants },
  { name: 'basket: share of articles or merchants bought (at) before', of: (set) => (set.rows.some(({ kinds }) => kinds) ? repeatedKinds(set.rows) : undefined) },
  { name: 'concentration of purchases on clients (Gini)', of: ({ rows }) => gini(countsBy(rows, ({ client }) => client)) },
  { name: 'concentration of purchases on merchants (Gini)', of: (set) => (set.manyMerchants ? gini(countsBy(set.rows, ({ merchant }) => merchant)) : undefined), notJudged: oneVisitMerchants },
  { name: 'hours of the week: evenness (entropy / log 168)', of: ({ rows }) => evenness(rows) },
  { name: 'hours of the week: share from 0 to 6', of: ({ rows, calendar }) => (calendar ? shareOf(rows, ({ timeMs }) => new Date(timeMs).getUTCHours() < 6) : undefined) },
  { name: 'hours of the week: share on Saturday and Sunday', of: ({ rows, calendar }) => (calendar ? shareOf(rows, ({ timeMs }) => new Date(timeMs).getUTCDay() % 6 === 0) : undefined) },
  { name: 'amounts: 90 % over median', of: ({ rows }) => quantile(amounts(rows), 0.9) / quantile(amounts(rows), 0.5) },
  { name: 'amounts: 99 % over median', of: ({ rows }) => quantile(amounts(rows), 0.99) / quantile(amounts(rows), 0.5) },
  { name: 'amounts: tail index (Hill, largest 2 %)', of: ({ rows }) => hill(amounts(rows), 0.02) },
];

/** Of the clients with ten purchases or more; only sets that see all merchants of a client can say it. */
function ofClients(name: string, value: (gapsDays: readonly number[]) => number): Measure {
  const values = ({ rows, manyMerchants }: Purchases): number[] => {
    if (!manyMerchants) return [];
    return [...groups(rows, ({ client }) => client).values()].filter((own) => own.length >= 10).map((own) => value(gapsDays(own, ({ client }) => client)));
  };
  return {
    name,
    of: (set) => (set.manyMerchants ? quantile(values(set), 0.5) : undefined),
    range: (set) => (set.manyMerchants ? [quantile(values(set), 0.1), quantile(values(set), 0.9)] : undefined),
  };
}

function pairGaps({ rows }: Purchases): number[] {
  return gapsDays(rows, ({ client, merchant }) => `${client} ${merchant}`);
}

function gapsDays(rows: readonly PurchaseRow[], keyOf: (row: PurchaseRow) => string): number[] {
  const last = new Map<string, number>();
  const gaps: number[] = [];
  for (const row of rows) {
    const before = last.get(keyOf(row));
    if (before !== undefined && row.timeMs > before) gaps.push((row.timeMs - before) / dayMs);
    last.set(keyOf(row), row.timeMs);
  }
  return gaps;
}

/** Of the client and merchant pairs that began early enough to be watched for 30 days. */
function returning(rows: readonly PurchaseRow[]): number {
  const endMs = rows.at(-1)?.timeMs ?? 0;
  const first = new Map<string, { atMs: number; again: boolean }>();
  for (const { client, merchant, timeMs } of rows) {
    const key = `${client} ${merchant}`;
    const known = first.get(key);
    if (!known) first.set(key, { atMs: timeMs, again: false });
    else if (timeMs - known.atMs < 30 * dayMs && timeMs > known.atMs) known.again = true;
  }
  const watched = [...first.values()].filter(({ atMs }) => atMs <= endMs - 30 * dayMs || endMs - (rows[0]?.timeMs ?? 0) < 31 * dayMs);
  return watched.filter(({ again }) => again).length / watched.length;
}

/** Clients with ten purchases or more. */
function topShare(rows: readonly PurchaseRow[]): number {
  const shares = [...groups(rows, ({ client }) => client).values()].filter((own) => own.length >= 10).map((own) => Math.max(...countsBy(own, ({ merchant }) => merchant)) / own.length);
  return mean(shares);
}

/** From the fifth purchase on. */
function repeatedKinds(rows: readonly PurchaseRow[]): number {
  const [known, all] = [...groups(rows, ({ client }) => client).values()].reduce(([before, total], own) => {
    const seen = new Set<string>();
    let [repeated, counted] = [before, total];
    own.forEach(({ kinds = [] }, place) => {
      if (place >= 4) {
        repeated += kinds.filter((kind) => seen.has(kind)).length;
        counted += kinds.length;
      }
      for (const kind of kinds) seen.add(kind);
    });
    return [repeated, counted];
  }, [0, 0] as [number, number]);
  return known / all;
}

function evenness(rows: readonly PurchaseRow[]): number {
  const counts = new Array<number>(168).fill(0);
  for (const { timeMs } of rows) counts[Math.floor(timeMs / hourMs) % 168]!++;
  return -counts.reduce((sum, count) => (count === 0 ? sum : sum + (count / rows.length) * Math.log(count / rows.length)), 0) / Math.log(168);
}

function gini(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const total = sorted.reduce((sum, count) => sum + count, 0);
  const weighted = sorted.reduce((sum, count, place) => sum + (2 * (place + 1) - sorted.length - 1) * count, 0);
  return weighted / (sorted.length * total);
}

/** Hill's estimator of the exponent of the tail: smaller is heavier. */
function hill(values: readonly number[], share: number): number {
  const tail = [...values].sort((a, b) => b - a).slice(0, Math.max(10, Math.ceil(values.length * share)));
  const least = tail.at(-1) ?? 1;
  return 1 / mean(tail.slice(0, -1).map((value) => Math.log(value / least)));
}

function shareOf(rows: readonly PurchaseRow[], holds: (row: PurchaseRow) => boolean): number {
  return rows.filter(holds).length / rows.length;
}

function spread(values: readonly number[]): number {
  const average = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2))) / average;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function amounts(rows: readonly PurchaseRow[]): number[] {
  return rows.map(({ amount }) => amount);
}

function countsBy(rows: readonly PurchaseRow[], keyOf: (row: PurchaseRow) => string): number[] {
  return [...groups(rows, keyOf).values()].map((own) => own.length);
}

function groups(rows: readonly PurchaseRow[], keyOf: (row: PurchaseRow) => string): Map<string, PurchaseRow[]> {
  const found = new Map<string, PurchaseRow[]>();
  for (const row of rows) {
    const own = found.get(keyOf(row));
    if (own) own.push(row);
    else found.set(keyOf(row), [row]);
  }
  return found;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { dayMs } from './calendar';

export const weekMs = 7 * dayMs;

/** What is kept of each client and week: what happened, and (`base…`) what would have happened had there never been an offer. */
export const ledgerColumns = ['oursMinor', 'totalMinor', 'visits', 'marginMinor', 'discountMinor', 'baseOursMinor', 'baseTotalMinor', 'baseVisits', 'baseMarginMinor'] as const;
export type LedgerColumn = (typeof ledgerColumns)[number];
/** In an endless run the weeks before so many are added up in the first. */
const keptWeeks = 60;
type Week = Record<LedgerColumn, Int32Array>;

export interface LedgerEntry {
  readonly amountMinor: number;
  /** Paid with our card: only then it counts as a visit and earns its merchant's margin here. */
  readonly ours: boolean;
  readonly marginPercent: number;
  readonly discountMinor?: number;
}

/** Spending by client and week since the world's start, in flat columns: 36 bytes a client and week. */
export class Ledger {
  private readonly weeks: Week[] = [];
  /** Weeks that were added to the first one. */
  private merged = 0;
  private nowMs: number;

  constructor(private readonly startMs: number) {
    this.nowMs = startMs;
  }

  /** Number of the week in a place, since the world's start. */
  weekNumber(place: number): number {
    return place === 0 ? 0 : place + this.merged;
  }

  /** Weeks that have begun; purchases that offers have taken the place of may stand in later ones already. */
  get weekCount(): number {
    return Math.min(this.weeks.length, this.placeOf(this.nowMs) + 1);
  }

  /** What lies ahead of this instant is not read: it has not happened, and would not have happened yet. */
  moveTo(nowMs: number): void {
    this.nowMs = nowMs;
  }

  actual(client: number, atMs: number, entry: LedgerEntry): void {
    const { amountMinor, ours, discountMinor = 0 } = entry;
    const week = this.weekAt(atMs, client);
    add(week.totalMinor, client, amountMinor);
    if (!ours) return;
    add(week.oursMinor, client, amountMinor);
    add(week.visits, client, 1);
    add(week.marginMinor, client, marginOf(entry) - discountMinor);
    add(week.discountMinor, client, discountMinor);
  }

  /** A discount on a purchase that is counted already. */
  discount(client: number, atMs: number, discountMinor: number): void {
    const week = this.weekAt(atMs, client);
    add(week.discountMinor, client, discountMinor);
    add(week.marginMinor, client, -discountMinor);
  }

  withoutOffers(client: number, atMs: number, entry: LedgerEntry): void {
    const week = this.weekAt(atMs, client);
    add(week.baseTotalMinor, client, entry.amountMinor);
    if (!entry.ours) return;
    add(week.baseOursMinor, client, entry.amountMinor);
    add(week.baseVisits, client, 1);
    add(week.baseMarginMinor, client, marginOf(entry));
  }

  /** Of one week, or of all of them. */
  read(column: LedgerColumn, client: number, week?: number): number {
    if (week !== undefined) return this.weeks[week]?.[column][client] ?? 0;
    let sum = 0;
    for (let place = 0; place < this.weekCount; place++) sum += this.weeks[place]?.[column][client] ?? 0;
    return sum;
  }

  save(): SavedLedger {
    const weeks = this.weeks.map((week) => ledgerColumns.map((column) => Buffer.from(week[column].buffer, week[column].byteOffset, week[column].byteLength).toString('base64')));
    return { merged: this.merged, weeks };
  }

  static restore(startMs: number, saved: SavedLedger): Ledger {
    const ledger = new Ledger(startMs);
    ledger.merged = saved.merged;
    for (const texts of saved.weeks) ledger.weeks.push(Object.fromEntries(ledgerColumns.map((column, place) => [column, columnOf(texts[place] ?? '')])) as Week);
    return ledger;
  }

  private begin(): void {
    this.weeks.push(emptyWeek(Math.max(1024, this.weeks.at(-1)?.visits.length ?? 0)));
    if (this.weeks.length <= keptWeeks) return;
    const [first, second] = this.weeks as [Week, Week];
    for (const column of ledgerColumns) {
      if (first[column].length < second[column].length) first[column] = grown(first[column], second[column].length - 1);
      second[column].forEach((amount, client) => add(first[column], client, amount));
    }
    this.weeks.splice(1, 1);
    this.merged++;
  }

  private placeOf(atMs: number): number {
    return Math.max(0, Math.floor((atMs - this.startMs) / weekMs) - this.merged);
  }

  private weekAt(atMs: number, client: number): Week {
    while (this.weeks.length <= Math.floor((atMs - this.startMs) / weekMs) - this.merged) this.begin();
    const week = this.weeks[this.placeOf(atMs)] as Week;
    if (client >= week.visits.length) for (const column of ledgerColumns) week[column] = grown(week[column], client);
    return week;
  }
}

/** As text: each column of each week in base64. */
export interface SavedLedger {
  readonly merged: number;
  readonly weeks: readonly (readonly string[])[];
}

function marginOf({ amountMinor, marginPercent }: LedgerEntry): number {
  return Math.round((amountMinor * marginPercent) / 100);
}

function emptyWeek(clients: number): Week {
  return Object.fromEntries(ledgerColumns.map((column) => [column, new Int32Array(clients)])) as Week;
}

function grown(column: Int32Array, client: number): Int32Array {
  const larger = new Int32Array(Math.ceil((client + 1) * 1.25));
  larger.set(column);
  return larger;
}

function add(column: Int32Array, client: number, amount: number): void {
  column[client] = (column[client] ?? 0) + amount;
}

function columnOf(base64: string): Int32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

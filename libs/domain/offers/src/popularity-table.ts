import type { LineEvent } from '@sp/contracts';
import { dayMs } from './day-ms';
import { InMemoryEntryStore, type EntryStore } from './entry-store';

/** A taste of the town lasts weeks; half of a purchase's weight is gone after two. */
const halfLifeDays = 14;

/** Decayed to `timeMs`, the latest purchase's time. */
export interface Popularity {
  readonly purchases: number;
  readonly spendMinor: number;
  readonly timeMs: number;
}

/** What merchants sell to the clients of this partition, recent purchases weighing more. A late purchase counts at its own age. */
export class PopularityTable {
  /** Every live campaign's merchant is asked about in each decision. */
  readonly #read = new Map<string, Popularity | undefined>();

  constructor(private readonly entries: EntryStore<Popularity> = new InMemoryEntryStore()) {}

  apply(event: LineEvent): void {
    if (event.type !== 'transaction.authorised' || event.data.kind !== 'purchase') return;
    const { merchantId, amountMinor } = event.data;
    if (merchantId === undefined) return;
    const known = this.#entry(merchantId);
    const timeMs = Math.max(event.timeMs, known?.timeMs ?? event.timeMs);
    const before = decayed(known, timeMs);
    const weight = decay(timeMs - event.timeMs);
    const grown = { purchases: before.purchases + weight, spendMinor: before.spendMinor + weight * amountMinor, timeMs };
    this.#read.set(merchantId, grown);
    this.entries.put(merchantId, grown);
  }

  /** Purchases seen, decayed to `timeMs`. */
  purchasesAt(merchantId: string, timeMs: number): number {
    return decayed(this.#entry(merchantId), timeMs).purchases;
  }

  /** Average check of the merchant, 0 where nobody has bought there. */
  averageCheckMinor(merchantId: string): number {
    const seen = this.#entry(merchantId);
    return seen ? Math.round(seen.spendMinor / seen.purchases) : 0;
  }

  #entry(merchantId: string): Popularity | undefined {
    if (this.#read.has(merchantId)) return this.#read.get(merchantId);
    const entry = this.entries.get(merchantId);
    this.#read.set(merchantId, entry);
    return entry;
  }
}

function decayed(entry: Popularity | undefined, timeMs: number): { purchases: number; spendMinor: number } {
  if (!entry) return { purchases: 0, spendMinor: 0 };
  const factor = decay(timeMs - entry.timeMs);
  return { purchases: entry.purchases * factor, spendMinor: entry.spendMinor * factor };
}

/** What is left of a purchase's weight at this age. */
export function decay(ageMs: number): number {
  return 2 ** (-Math.max(0, ageMs) / (halfLifeDays * dayMs));
}

import type { ClientProfile, LineEvent } from '@sp/contracts';
import { mccGroup } from '@sp/features';
import { InMemoryEntryStore, type EntryStore } from './entry-store';
import { decay } from './popularity-table';

/** The groups that a client belongs to: by what the bank knows of him, and by what he buys. */
export interface ClientGroups {
  readonly byAttributes: string;
  readonly byHabits: string;
}

/** A group's purchases by merchant, each decayed to its own latest one. The table changes it in place: a copy at each purchase was a third of the scorer's time. */
export type GroupSales = Record<string, { readonly purchases: number; readonly timeMs: number }>;

export interface PeerReader {
  /** Of the group; an unknown one has bought nothing. */
  salesOf(group: string): Readonly<GroupSales>;
}

export interface GroupStore extends EntryStore<ClientGroups> {
  delete(clientId: string): void;
}

const characterCategories = 2;
/** More than a client ever meets; beyond it the least recent quarter is forgotten at once. */
const maximumMerchants = 256;
const keptMerchants = 192;

/** Clients of one segment and the same yes-or-no attributes; and clients whose most used kinds of categories are the same. */
export function groupsOf({ segment, attributes, categories }: ClientProfile): ClientGroups {
  const flags = Object.entries(attributes).filter(([, value]) => value === true).map(([name]) => name).sort();
  const kinds = [...new Set(categories.map(({ mcc }) => mccGroup(mcc)))].slice(0, characterCategories).sort();
  return { byAttributes: ['a', segment, ...flags].join(':'), byHabits: ['h', ...kinds].join(':') };
}

/**
 * Where clients like this one buy: recent purchases of each group at each merchant, of the partition's clients. A client's groups are those of
 * his last due moment; before it he counts in none.
 */
export class PeerTable implements PeerReader {
  constructor(
    private readonly groups: GroupStore,
    private readonly sales: EntryStore<GroupSales> = new InMemoryEntryStore(),
  ) {}

  apply(event: LineEvent): void {
    if (event.type === 'client.erasure.requested') this.groups.delete(event.subject);
    if (event.type === 'decision.due') this.#meet(event.subject, event.data.profile);
    if (event.type !== 'transaction.authorised' || event.data.kind !== 'purchase' || event.data.merchantId === undefined) return;
    const groups = this.groups.get(event.subject);
    if (!groups) return;
    for (const group of [groups.byAttributes, groups.byHabits]) this.sales.put(group, withPurchase(this.salesOf(group), event.data.merchantId, event.timeMs));
  }

  salesOf(group: string): GroupSales {
    return this.sales.get(group) ?? {};
  }

  #meet(clientId: string, profile: ClientProfile): void {
    const [before, now] = [this.groups.get(clientId), groupsOf(profile)];
    if (before?.byAttributes !== now.byAttributes || before.byHabits !== now.byHabits) this.groups.put(clientId, now);
  }
}

/** Purchases of the group at the merchant, decayed to `timeMs`. */
export function soldAt(sales: Readonly<GroupSales>, merchantId: string, timeMs: number): number {
  const sold = sales[merchantId];
  return sold ? sold.purchases * decay(timeMs - sold.timeMs) : 0;
}

/** A late purchase counts at its own age. Of a group that knows too many merchants, those with the oldest purchases go. */
function withPurchase(sales: GroupSales, merchantId: string, atMs: number): GroupSales {
  const timeMs = Math.max(atMs, sales[merchantId]?.timeMs ?? atMs);
  const isNew = sales[merchantId] === undefined;
  sales[merchantId] = { purchases: soldAt(sales, merchantId, timeMs) + decay(timeMs - atMs), timeMs };
  if (!isNew || Object.keys(sales).length <= maximumMerchants) return sales;
  return Object.fromEntries(Object.entries(sales).sort(([, a], [, b]) => b.timeMs - a.timeMs).slice(0, keptMerchants));
}

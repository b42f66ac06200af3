import type { ClientProfile, LineEvent } from '@sp/contracts';
import { mccGroup } from '@sp/features';
import { InMemoryEntryStore, type EntryStore } from './entry-store';
import { PopularityTable, type Popularity } from './popularity-table';

/** The groups that a client belongs to: by what the bank knows of him, and by what he buys. */
export interface ClientGroups {
  readonly byAttributes: string;
  readonly byHabits: string;
}

export interface PeerReader {
  /** Purchases at the merchant by the client's group, decayed to `timeMs`. */
  purchasesAt(group: string, merchantId: string, timeMs: number): number;
}

export interface GroupStore extends EntryStore<ClientGroups> {
  delete(clientId: string): void;
}

const characterCategories = 2;

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
  readonly #sales: PopularityTable;

  constructor(private readonly groups: GroupStore, sales: EntryStore<Popularity> = new InMemoryEntryStore()) {
    this.#sales = new PopularityTable(sales);
  }

  apply(event: LineEvent): void {
    if (event.type === 'client.erasure.requested') this.groups.delete(event.subject);
    if (event.type === 'decision.due') this.#meet(event.subject, event.data.profile);
    if (event.type !== 'transaction.authorised' || event.data.merchantId === undefined) return;
    const groups = this.groups.get(event.subject);
    if (!groups) return;
    for (const group of [groups.byAttributes, groups.byHabits]) this.#sales.apply({ ...event, data: { ...event.data, merchantId: keyOf(group, event.data.merchantId) } });
  }

  purchasesAt(group: string, merchantId: string, timeMs: number): number {
    return this.#sales.purchasesAt(keyOf(group, merchantId), timeMs);
  }

  #meet(clientId: string, profile: ClientProfile): void {
    const [before, now] = [this.groups.get(clientId), groupsOf(profile)];
    if (before?.byAttributes !== now.byAttributes || before.byHabits !== now.byHabits) this.groups.put(clientId, now);
  }
}

function keyOf(group: string, merchantId: string): string {
  return `${group}|${merchantId}`;
}

/** Where a table keeps its entries by key, so that a stage may keep them in its own committed state. */
export interface EntryStore<Entry> {
  get(key: string): Entry | undefined;
  put(key: string, entry: Entry): void;
}

export class InMemoryEntryStore<Entry> implements EntryStore<Entry> {
  readonly #entries = new Map<string, Entry>();

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  put(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
  }

  values(): Iterable<Entry> {
    return this.#entries.values();
  }
}

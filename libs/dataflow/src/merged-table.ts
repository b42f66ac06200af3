import { rowsOfTable, type LineEvent, type MergedTableName, type MergedTables, type NumberRow } from '@sp/contracts';
import type { KeyedState } from './keyed-state';
import { StateTable } from './state-table';

/**
 * A merged table as it stands at this place of the partition's log: the same for every replay, and for all partitions where they read the
 * same version. Whoever decides by it notes the version.
 */
export class MergedTable<Name extends MergedTableName> {
  readonly #rows: StateTable<NumberRow>;
  readonly #versions: StateTable<number>;

  constructor(
    state: KeyedState,
    private readonly table: Name,
  ) {
    this.#rows = new StateTable(state, { kind: `merged-${table}`, version: 1 });
    this.#versions = new StateTable(state, { kind: 'merged-version', version: 1 });
  }

  /** The event time up to which everything is in it, 0 before the first one has come. */
  get version(): number {
    return this.#versions.get(this.table) ?? 0;
  }

  row(key: string): MergedTables[Name] | undefined {
    return this.#rows.get(key) as MergedTables[Name] | undefined;
  }

  /** To be told every event; heeds new versions of its own table. */
  apply(event: LineEvent): void {
    if (event.type !== 'table.merged' || event.data.table !== this.table || event.data.version <= this.version) return;
    for (const [key, row] of rowsOfTable(event.data)) this.#rows.put(key, row);
    this.#versions.put(this.table, event.data.version);
  }
}

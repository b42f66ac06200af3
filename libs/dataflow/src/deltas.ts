import { numberTable, ownSource, sumOfRows, type DeltasGathered, type MergedTableName, type MergedTables, type NumberRow, type StageName } from '@sp/contracts';
import type { KeyedState } from './keyed-state';

/** Rows that one tick lets out; what is over waits for the next one, so that a frame keeps its size. */
const maximumRowsATick = 5_000;
const kept = '~deltas';

type Gathered = Record<string, Record<string, NumberRow>>;

/**
 * What a stage has to add to merged tables, summed up in the state until a tick lets it out into the stage's own log: there it stands
 * once, behind the fence, whatever happens. Whole numbers only: their sums are the same in any order.
 */
export class Deltas {
  constructor(private readonly state: KeyedState) {}

  add<Name extends MergedTableName>(table: Name, key: string, delta: Partial<MergedTables[Name]>): void {
    const gathered = this.state.get<Gathered>(kept) ?? {};
    const rows = (gathered[table] ??= {});
    rows[key] = sumOfRows(rows[key], delta as NumberRow);
    this.state.put(kept, gathered);
  }

  /** One event for each table, in the order of their names. `timeMs` is a tick that is later than any before. */
  take(stage: StageName, partition: number, timeMs: number): DeltasGathered[] {
    const gathered = this.state.get<Gathered>(kept);
    if (!gathered) return [];
    const rest: Gathered = {};
    const events = Object.keys(gathered).sort().map((name) => {
      const rows = Object.entries(gathered[name]!);
      if (rows.length > maximumRowsATick) rest[name] = Object.fromEntries(rows.splice(maximumRowsATick));
      const table = name as MergedTableName;
      return { type: 'deltas.gathered' as const, id: `${table}:${stage}:${partition}:${timeMs}`, source: ownSource, subject: table, timeMs, data: { table, ...numberTable(rows) } };
    });
    if (Object.keys(rest).length > 0) this.state.put(kept, rest);
    else this.state.delete(kept);
    return events;
  }
}

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { rocAuc } from '../probability-metrics';
import type { FittedModel } from './candidates';
import type { Column, Table } from './table';

export interface Importance {
  readonly name: string;
  /** ROC AUC that is lost on these rows when the column's values are shuffled among them; about 0 where the model does not need it. */
  readonly aucLoss: number;
}

/** Permutation importance (Breiman 2001) of each column that the model was given: it asks any kind of model the same question. Largest first. */
export function permutationImportance(model: FittedModel, table: Table, labels: Float32Array, seed: number): Importance[] {
  const whole = rocAuc(labels, model.predict(table)) ?? 0.5;
  const order = shuffled(table.rows, seed);
  const used = new Set(model.cleaning.columns.map(({ name }) => name));
  const losses = table.columns.flatMap((column, place) => {
    if (!used.has(column.name)) return [];
    const mixed = { ...table, columns: table.columns.with(place, reordered(column, order)) };
    return [{ name: column.name, aucLoss: whole - (rocAuc(labels, model.predict(mixed)) ?? 0.5) }];
  });
  return losses.sort((a, b) => b.aucLoss - a.aucLoss);
}

function reordered(column: Column, order: Uint32Array): Column {
  if (column.kind === 'category') return { ...column, values: Array.from(order, (row) => column.values[row] ?? '') };
  return { ...column, values: Float64Array.from(order, (row) => column.values[row] ?? NaN) };
}

function shuffled(rows: number, seed: number): Uint32Array {
  const random = xoroshiro128plus(seed);
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  for (let end = rows - 1; end > 0; end -= 1) {
    const chosen = uniformInt(random, 0, end);
    [order[end], order[chosen]] = [order[chosen] ?? 0, order[end] ?? 0];
  }
  return order;
}

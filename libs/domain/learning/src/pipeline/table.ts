/** Rows as columns, as they come from a source: numbers with NaN for missing, or names with '' for missing. */
export type Column = NumberColumn | CategoryColumn;

export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float64Array | Float32Array;
}

export interface CategoryColumn {
  readonly kind: 'category';
  readonly name: string;
  readonly values: readonly string[];
}

export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** Copies the given rows, in the order of `indexes`. */
export function takeTableRows({ columns }: Table, indexes: Uint32Array): Table {
  return { rows: indexes.length, columns: columns.map((column) => takeColumnRows(column, indexes)) };
}

function takeColumnRows(column: Column, indexes: Uint32Array): Column {
  if (column.kind === 'category') return { ...column, values: Array.from(indexes, (row) => column.values[row] ?? '') };
  return { ...column, values: Float64Array.from(indexes, (row) => column.values[row] ?? NaN) };
}

/** A row-major matrix of numbers as a table of named columns. */
export function tableOf(features: Float32Array, rows: number, names: readonly string[]): Table {
  const columns = names.map((name, place): NumberColumn => ({ kind: 'number', name, values: Float32Array.from({ length: rows }, (_, row) => features[row * names.length + place] ?? NaN) }));
  return { rows, columns };
}

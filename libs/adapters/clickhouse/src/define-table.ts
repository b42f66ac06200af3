import type { ClickHouseClient } from '@clickhouse/client';

/** What a column holds, as the rows of the program name it. */
interface ColumnValues {
  text: string;
  integer: number;
  number: number;
  flag: boolean;
  /** Milliseconds since 1970; the column is DateTime64(3, 'UTC'). */
  timeMs: number;
  /** Milliseconds since 1970; the column is DateTime('UTC'), so what is below a second is cut off. */
  wholeSecondMs: number;
  numbers: readonly number[];
}

export type ColumnKind = keyof ColumnValues;
type Columns = Readonly<Record<string, ColumnKind>>;

/** Where a row stands in the line: every fact has its partition, its frame's position there, and its place inside the frame. */
export interface LinePlace {
  readonly partition: number;
  readonly linePosition: number;
  readonly ordinal: number;
}

export interface Table<Row extends LinePlace> {
  readonly name: string;
  /** Stores the rows as one block. The same token a second time stores nothing; two blocks never share one. */
  insert(client: ClickHouseClient, rows: readonly Row[], options: { readonly token: string }): Promise<void>;
}

export type RowOf<T> = T extends Table<infer Row> ? Row : never;

/** A table from its columns in camelCase; in ClickHouse they are in snake_case. The place columns are added to each. */
export function defineTable<const C extends Columns>(definition: { readonly name: string; readonly columns: C }): Table<LinePlace & { readonly [K in keyof C]: ColumnValues[C[K]] }> {
  type Row = LinePlace & { readonly [K in keyof C]: ColumnValues[C[K]] };
  const encode = rowEncoder<Row>({ partition: 'integer', linePosition: 'integer', ordinal: 'integer', ...definition.columns });
  return {
    name: definition.name,
    async insert(client, rows, { token }) {
      if (rows.length === 0) return;
      await client.insert({
        table: definition.name,
        values: rows.map(encode),
        format: 'JSONEachRow',
        clickhouse_settings: { insert_deduplication_token: token },
      });
    },
  };
}

function rowEncoder<Row>(columns: Columns): (row: Row) => Record<string, unknown> {
  const plan = Object.entries(columns).map(([key, kind]) => ({ key: key as keyof Row, column: snakeCase(key), encode: ENCODERS[kind] }));
  return (row) => {
    const encoded: Record<string, unknown> = {};
    for (const { key, column, encode } of plan) encoded[column] = encode ? encode(row[key]) : row[key];
    return encoded;
  };
}

const ENCODERS: Readonly<Record<ColumnKind, ((value: unknown) => unknown) | undefined>> = {
  text: undefined,
  integer: undefined,
  number: undefined,
  // JSON has no NaN: quoted, the server reads it as the number that it is.
  numbers: (values) => (values as readonly number[]).map((value) => (Number.isFinite(value) ? value : 'nan')),
  flag: (value) => (value ? 1 : 0),
  // Numbers would be shorter, but the server reads those of the first months after 1970 as years.
  timeMs: (value) => dateText(value as number).slice(0, 23),
  wholeSecondMs: (value) => dateText(value as number).slice(0, 19),
};

function dateText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ');
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

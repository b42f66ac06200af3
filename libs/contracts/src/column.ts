/**
 * One number for each row, written once where it says little: the same in all rows; few different ones, a letter a row; or each its own.
 * NaN is "not known" and comes back as such from JSON too, which makes it null.
 */
export type Column = number | null | readonly (number | null)[] | { readonly of: readonly (number | null)[]; readonly at: string };

/** Letters from '0' on in the order of ASCII, without the backslash, which JSON would write twice. */
const letters = Array.from({ length: 45 }, (_, place) => String.fromCharCode(48 + place + (place >= 44 ? 1 : 0)));
const placeOf = new Map(letters.map((letter, place) => [letter, place]));

export function packColumn(values: readonly number[]): Column {
  if (values.length === 0) return values;
  const places = new Map<number, number>();
  const most = Math.min(letters.length, values.length / 3 + 1);
  let at = '';
  for (const value of values) {
    let place = places.get(value);
    if (place === undefined) {
      if (places.size + 1 > most) return values;
      places.set(value, (place = places.size));
    }
    at += letters[place]!;
  }
  const of = [...places.keys()];
  return of.length === 1 ? of[0]! : { of, at };
}

export function readColumn(column: Column, rows: number): number[] {
  if (typeof column === 'number' || column === null) return new Array<number>(rows).fill(column ?? NaN);
  if (!('of' in column)) return column.map((value) => value ?? NaN);
  const known = column.of.map((value) => value ?? NaN);
  const values = new Array<number>(rows);
  for (let row = 0; row < rows; row++) values[row] = known[placeOf.get(column.at[row]!)!]!;
  return values;
}

/** So many digits behind the point are kept of what is only told. */
export function roundTo(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

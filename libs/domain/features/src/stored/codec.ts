import type { Place } from '@sp/contracts';
import type { ByteReader, ByteWriter } from './bytes';

/** How a value is stored: the same fields in the same order, without their names. */
export interface Codec<Value> {
  readonly write: (bytes: ByteWriter, value: Value) => void;
  readonly read: (bytes: ByteReader) => Value;
}

export const integer: Codec<number> = { write: (bytes, value) => bytes.integer(value), read: (bytes) => bytes.integer() };
export const fingerprintCodec: Codec<number> = { write: (bytes, value) => bytes.fingerprint(value), read: (bytes) => bytes.fingerprint() };
export const real: Codec<number> = { write: (bytes, value) => bytes.real(value), read: (bytes) => bytes.real() };
export const text: Codec<string> = { write: (bytes, value) => bytes.text(value), read: (bytes) => bytes.text() };
export const flag: Codec<boolean> = { write: (bytes, value) => bytes.byte(value ? 1 : 0), read: (bytes) => bytes.byte() === 1 };

export function optional<Value>(codec: Codec<Value>): Codec<Value | undefined> {
  return absentAs(codec, undefined);
}

export function nullable<Value>(codec: Codec<Value>): Codec<Value | null> {
  return absentAs(codec, null);
}

export function list<Value>(codec: Codec<Value>): Codec<Value[]> {
  return {
    write(bytes, values) {
      bytes.integer(values.length);
      for (const value of values) codec.write(bytes, value);
    },
    read: (bytes) => times(bytes.integer(), () => codec.read(bytes)),
  };
}

/** Numbers that mostly rise: each as its distance from the one before. */
export const rising: Codec<number[]> = {
  write(bytes, values) {
    bytes.integer(values.length);
    let before = 0;
    for (const value of values) {
      bytes.integer(value - before);
      before = value;
    }
  },
  read(bytes) {
    let value = 0;
    return times(bytes.integer(), () => (value += bytes.integer()));
  },
};

/** A list with few different values: these once, then a number for each place. */
export function repeated<Value extends string | number | boolean | null>(codec: Codec<Value>): Codec<Value[]> {
  return {
    write(bytes, values) {
      const different: Value[] = [];
      const places = placesOf(values, different);
      bytes.integer(different.length);
      for (const value of different) codec.write(bytes, value);
      bytes.integer(values.length);
      if (different.length > 1) for (const place of places) bytes.integer(place);
    },
    read(bytes) {
      const different = times(bytes.integer(), () => codec.read(bytes));
      return times(bytes.integer(), () => different[different.length > 1 ? bytes.integer() : 0] as Value);
    },
  };
}

/** Above so many different values a map finds them sooner than looking along them. */
const fewDifferent = 8;

/** For each value its place among the different ones, which are gathered in the order of their first appearance. */
function placesOf<Value>(values: readonly Value[], different: Value[]): number[] {
  const places: number[] = [];
  let known: Map<Value, number> | undefined;
  for (const value of values) {
    let place = known ? known.get(value) : different.indexOf(value);
    if (place === undefined || place < 0) {
      place = different.push(value) - 1;
      if (known) known.set(value, place);
      else if (different.length > fewDifferent) known = new Map(different.map((one, at) => [one, at]));
    }
    places.push(place);
  }
  return places;
}

/** Eight to a byte. */
export const flags: Codec<boolean[]> = {
  write(bytes, values) {
    bytes.integer(values.length);
    for (let from = 0; from < values.length; from += 8) {
        let byte = 0;
        for (let bit = 0; bit < 8; bit++) if (values[from + bit]) byte |= 1 << bit;
        bytes.byte(byte);
      }
  },
  read(bytes) {
    let byte = 0;
    return times(bytes.integer(), (place) => {
      if (place % 8 === 0) byte = bytes.byte();
      return (byte & (1 << place % 8)) !== 0;
    });
  },
};

/** The fields in the order in which they are given here. */
export function record<Value extends object>(fields: { readonly [Key in keyof Value]-?: Codec<Value[Key]> }): Codec<Value> {
  const keys = Object.keys(fields) as (keyof Value)[];
  const codecs = keys.map((key) => fields[key] as Codec<Value[keyof Value]>);
  return {
    write(bytes, value) {
      for (let place = 0; place < keys.length; place++) codecs[place]!.write(bytes, value[keys[place]!]);
    },
    read(bytes) {
      const value: Partial<Value> = {};
      for (let place = 0; place < keys.length; place++) value[keys[place]!] = codecs[place]!.read(bytes);
      return value as Value;
    },
  };
}

export const placeCodec: Codec<Place> = record<Place>({ lat: real, lon: real });

/** For what has no shape of its own. */
export function json<Value>(): Codec<Value> {
  return { write: (bytes, value) => bytes.text(JSON.stringify(value)), read: (bytes) => JSON.parse(bytes.text()) as Value };
}

function absentAs<Value, Absent>(codec: Codec<Value>, absent: Absent): Codec<Value | Absent> {
  return {
    write(bytes, value) {
      bytes.byte(value === absent ? 0 : 1);
      if (value !== absent) codec.write(bytes, value as Value);
    },
    read: (bytes) => (bytes.byte() === 0 ? absent : codec.read(bytes)),
  };
}

/** `Array.from` with a function costs several times as much, and this is where reading a state spends its time. */
function times<Value>(count: number, read: (place: number) => Value): Value[] {
  const values: Value[] = [];
  for (let place = 0; place < count; place++) values.push(read(place));
  return values;
}

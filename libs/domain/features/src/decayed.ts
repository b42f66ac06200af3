import { integer, real, record, type Codec } from './stored/codec';
import { dayMs } from './time-units';

/** A sum in which each amount halves with every half-life; `value` is as of `atMs`. */
export interface Decayed {
  value: number;
  atMs: number;
}

/** What float subtraction leaves of an amount that was taken back. */
const residue = 1e-9;

export const decayedSum: Codec<Decayed> = record<Decayed>({ value: real, atMs: integer });

export function emptyDecayed(): Decayed {
  return { value: 0, atMs: 0 };
}

/** Adds an amount of that time, late or not; a negative amount takes back an earlier one. */
export function addDecayed(sum: Decayed, amount: number, timeMs: number, halfLifeDays: number): void {
  if (timeMs >= sum.atMs) {
    sum.value = sum.value * fade(timeMs - sum.atMs, halfLifeDays) + amount;
    sum.atMs = timeMs;
  } else {
    sum.value += amount * fade(sum.atMs - timeMs, halfLifeDays);
  }
  if (sum.value < residue) sum.value = 0;
}

export function readDecayed(sum: Decayed, timeMs: number, halfLifeDays: number): number {
  return sum.value * fade(Math.max(0, timeMs - sum.atMs), halfLifeDays);
}

/** What is left of 1 after that time. */
export function fade(elapsedMs: number, halfLifeDays: number): number {
  return 2 ** (-elapsedMs / (halfLifeDays * dayMs));
}

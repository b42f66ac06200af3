import { digitRunsOf, mayHoldNumber, type DigitRun } from './card-number-digits';

/**
 * What a field is for decides which digits in it are a card number:
 * - `technical`: an id that the bank's systems count or make (of an event, a transaction, a merchant): plain digits are an id, only what is
 *   written as on a card is one;
 * - `pseudonym`: stands for a client or an account: digits that stand for themselves are a card number, those glued to letters are not;
 * - `text`: everything else; words glued to the digits do not hide them.
 */
export type FieldPurpose = 'technical' | 'pseudonym' | 'text';

const shortest = 13;
const longest = 19;

/** Path of the first string, number or key that holds a card number (ISO/IEC 7812: 13-19 digits that pass Luhn), or undefined. */
export function findCardNumber(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return holdsCardNumber(value) ? path : undefined;
  if (typeof value === 'number') return isCardNumber(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const keyPath = path === '' ? key : `${path}.${key}`;
    const found = holdsCardNumber(key) ? keyPath : findCardNumber(inner, keyPath);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function holdsCardNumber(text: string, purpose: FieldPurpose = 'text'): boolean {
  return mayHoldNumber(text) && digitRunsOf(text).some((run) => cardNumbersOf(run, purpose).length > 0);
}

/** A whole number that would be one in writing. */
export function isCardNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1e12 && holdsCardNumber(String(value));
}

/**
 * Card numbers, however they are spelled and whatever the field is for, replaced by their first six and last four digits.
 * What is left may stand so that it would be taken for another one; that is masked too, so that nothing is ever found in the result.
 */
export function maskCardNumbers(text: string): string {
  let masked = text;
  while (mayHoldNumber(masked)) {
    const found = digitRunsOf(masked).flatMap((run) => cardNumbersOf(run, 'text'));
    if (found.length === 0) break;
    masked = withMasks(masked, found);
  }
  return masked;
}

function withMasks(text: string, found: readonly Found[]): string {
  let masked = '';
  let end = 0;
  for (const { start, end: until, digits } of found) {
    masked += `${text.slice(end, start)}${digits.slice(0, 6)}******${digits.slice(-4)}`;
    end = until;
  }
  return masked + text.slice(end);
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

/** From left to right, the longest first, none over another. */
function cardNumbersOf(run: DigitRun, purpose: FieldPurpose): Found[] {
  const digits = run.groups.map((group) => group.digits).join('');
  const found: Found[] = [];
  for (let from = 0, at = 0; from < run.groups.length; from++) {
    const to = lastGroupOf(run, { from, at, digits }, purpose);
    const until = to ?? from;
    const length = lengthOf(run, from, until);
    if (to !== undefined) found.push({ start: run.groups[from]!.start, end: run.groups[to]!.end, digits: digits.slice(at, at + length) });
    from = until;
    at += length;
  }
  return found;
}

/** Groups from one on, whose digits begin there among all the digits of the run. */
interface Begin {
  readonly from: number;
  readonly at: number;
  readonly digits: string;
}

function lastGroupOf(run: DigitRun, { from, at, digits }: Begin, purpose: FieldPurpose): number | undefined {
  let last: number | undefined;
  for (let to = from, length = 0; to < run.groups.length; to++) {
    length += run.groups[to]!.digits.length;
    if (length > longest) break;
    // The check digit first: it is cheap, and says no to nine of ten.
    if (length >= shortest && passesLuhn(digits, at, length) && isSpelledAsCard(run, from, to, purpose) && !isOther(digits.slice(at, at + length))) last = to;
  }
  return last;
}

function lengthOf(run: DigitRun, from: number, to: number): number {
  let length = 0;
  for (let group = from; group <= to; group++) length += run.groups[group]!.digits.length;
  return length;
}

function isSpelledAsCard(run: DigitRun, from: number, to: number, purpose: FieldPurpose): boolean {
  return from === to ? isPlainCard(run, from, purpose) : isGroupedCard(run, from, to, purpose);
}

/** Digits in one piece. */
function isPlainCard(run: DigitRun, at: number, purpose: FieldPurpose): boolean {
  const group = run.groups[at]!;
  if (purpose === 'technical' && group.isPlain) return false;
  if (isFraction(run, at)) return false;
  return group.gluedTo === undefined || (purpose === 'text' && isWordAndDigits(group.gluedTo));
}

/** What stands behind the point of a decimal number. */
function isFraction(run: DigitRun, at: number): boolean {
  return at > 0 && at === run.groups.length - 1 && /^[.,]$/.test(run.separators[at - 1]!);
}

/** `card4111…`, but not a hash or an id in which letters and digits alternate. */
function isWordAndDigits(token: string): boolean {
  return /^(?:\p{L}{2,}\P{L}+|\P{L}+\p{L}{2,})$/u.test(token) && !/^[0-9a-f]+$/i.test(token);
}

/** Digits in several groups: as they stand on cards, or each on its own, wherever they are; in any other way only if nothing else is around. */
function isGroupedCard(run: DigitRun, from: number, to: number, purpose: FieldPurpose): boolean {
  const sizes = run.groups.slice(from, to + 1).map(({ digits }) => digits.length);
  const separators = run.separators.slice(from, to);
  if (sizes.every((size) => size === 1)) return true;
  if (areAsOnCards(sizes)) return !run.groups.slice(from, to + 1).every(({ digits }) => /^(?:19|20)\d\d$/.test(digits)); // years
  const isWhole = from === 0 && to === run.groups.length - 1 && run.groups.every(({ gluedTo }) => gluedTo === undefined);
  if (!isWhole || (purpose === 'technical' && separators.every((separator) => /^[-_.:/]$/.test(separator)))) return false;
  return separators.every((separator) => /^[\s-]$/.test(separator)) || (areEven(sizes) && separators.every((separator) => separator === separators[0] && /^[^,;:]$/.test(separator)));
}

/** 4-4-4-4 and its longer and shorter kin, 4-6-5, 4-6-4, 6-13, 6-10, 8-8. */
function areAsOnCards(sizes: readonly number[]): boolean {
  const last = sizes.at(-1)!;
  return (sizes.length > 3 && sizes.slice(0, -1).every((size) => size === 4) && last <= 4) || /^(?:4-6-[45]|4-4-5|6-13|6-10|8-8)$/.test(sizes.join('-'));
}

/** Single digits, pairs, and so on; the last group may be shorter. */
function areEven(sizes: readonly number[]): boolean {
  return sizes.slice(0, -1).every((size) => size === sizes[0]) && sizes.at(-1)! <= sizes[0]!;
}

/** No card begins with nought. Milli-, micro- and nanoseconds since 1970 in our time, and `20260105123000` with or without milliseconds, are times. */
function isOther(digits: string): boolean {
  if (digits[0] === '0') return true;
  if (/^1[5-9]/.test(digits)) return digits.length === 13 || digits.length === 16 || digits.length === 19;
  return (digits.length === 14 || digits.length === 17) && /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d/.test(digits);
}

function passesLuhn(digits: string, at: number, length: number): boolean {
  let sum = 0;
  for (let place = 0; place < length; place++) {
    const digit = digits.charCodeAt(at + length - 1 - place) - 48;
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

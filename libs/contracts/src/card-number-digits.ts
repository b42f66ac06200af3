/** Digits that stand together, whatever script they are written in. */
export interface DigitGroup {
  /** As ASCII. */
  readonly digits: string;
  /** Where they stand in the text, with what is invisible between them. */
  readonly start: number;
  readonly end: number;
  /** Written in ASCII digits with nothing invisible between. */
  readonly isPlain: boolean;
  /** Letters and digits that they are a part of, where letters touch them. */
  readonly gluedTo?: string;
}

/** Groups with at most three signs between one and the next, and no letters. */
export interface DigitRun {
  readonly groups: readonly DigitGroup[];
  /** One less than groups. */
  readonly separators: readonly string[];
}

const fewestDigits = 13;
const longestSeparator = 3;

/**
 * The cheap question that nearly every text answers with no: do enough digits, of any script, stand together without a letter between
 * them? What is not plain ASCII is looked at more closely.
 */
export function mayHoldNumber(text: string): boolean {
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) {
      if (++digits === fewestDigits) return true;
    } else if (code > 127 || code === 92) return hasManyNumerals(text);
    else if (code > 96 ? code < 123 : code > 64 && code < 91) digits = 0;
  }
  return false;
}

/** Escapes such as `\u0034` count: a text that is no JSON may be full of them. */
function hasManyNumerals(text: string): boolean {
  return (text.match(/\p{N}|\\u/gu)?.length ?? 0) >= fewestDigits;
}

/** Every run of digits in a text. */
export function digitRunsOf(text: string): DigitRun[] {
  const plain = plainlyWritten(text);
  const runs: { groups: DigitGroup[]; separators: string[] }[] = [];
  let open: (typeof runs)[number] | undefined;
  let end = 0;
  for (const { 0: token, index } of plain.text.matchAll(/[\p{L}0-9]+/gu)) {
    const separator = plain.text.slice(end, index);
    end = index + token.length;
    if (separator.length > longestSeparator) open = undefined;
    for (const group of groupsOf(token, index, plain, text)) {
      if (open && group.isAtStart) open.separators.push(separator);
      else runs.push((open = { groups: [], separators: [] }));
      open.groups.push(group);
      if (!group.isAtEnd) open = undefined;
    }
    if (!/\d/.test(token)) open = undefined;
  }
  return runs;
}

function* groupsOf(token: string, at: number, plain: PlainText, text: string): Generator<DigitGroup & { isAtStart: boolean; isAtEnd: boolean }> {
  for (const { 0: digits, index } of token.matchAll(/\d+/g)) {
    const start = plain.starts[at + index]!;
    const end = plain.ends[at + index + digits.length - 1]!;
    const glued = digits.length < token.length ? { gluedTo: token } : {};
    yield { digits, start, end, isPlain: text.slice(start, end) === digits, ...glued, isAtStart: index === 0, isAtEnd: index + digits.length === token.length };
  }
}

/** The text with every digit in ASCII and nothing invisible, and where each of its signs came from. */
interface PlainText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
const escape = /\\(?:u([0-9a-f]{4})|[bfnrt])/iy;

function plainlyWritten(text: string): PlainText {
  // The digits of a UUID are no number. It keeps its length.
  const source = text.replace(uuid, (found) => 'x'.repeat(found.length));
  const starts: number[] = [];
  const ends: number[] = [];
  let plain = '';
  for (let at = 0; at < source.length; ) {
    const { sign, end } = signAt(source, at);
    if (sign !== '') {
      plain += sign;
      starts.push(at);
      ends.push(end);
    }
    at = end;
  }
  return { text: plain, starts, ends };
}

/** One sign, plainly: a digit in ASCII, a letter, something between, or nothing where it cannot be seen. */
function signAt(text: string, at: number): { readonly sign: string; readonly end: number } {
  const code = text.charCodeAt(at);
  if (code < 128 && code !== 92) return { sign: text[at]!, end: at + 1 };
  escape.lastIndex = at;
  const escaped = code === 92 ? escape.exec(text) : null;
  if (escaped) return { sign: escaped[1] === undefined ? ' ' : plainSign(String.fromCharCode(parseInt(escaped[1], 16))), end: at + escaped[0].length };
  const sign = String.fromCodePoint(text.codePointAt(at)!);
  return { sign: plainSign(sign), end: at + sign.length };
}

/** Format characters and combining marks; and letters that are drawn as nothing. */
const invisible = /^[\p{Cf}\p{M}]$/u;
const blankLetter = /^[\u115f\u1160\u3164\uffa0]$/;

function plainSign(sign: string): string {
  if (/^[\x20-\x7e]$/.test(sign)) return sign;
  if (invisible.test(sign) || blankLetter.test(sign)) return '';
  if (/^\p{Nd}$/u.test(sign)) return String(decimalOf(sign));
  const simpler = sign.normalize('NFKC');
  if (/^\p{Nd}$/u.test(simpler)) return String(decimalOf(simpler));
  if (/^[\p{L}\p{N}]$/u.test(sign)) return sign.length === 1 && /^\p{L}$/u.test(sign) ? sign : 'x';
  return /^\s$/.test(sign) ? ' ' : '.';
}

/** Every script has its ten digits in a row, from nought to nine. */
function decimalOf(digit: string): number {
  const code = digit.codePointAt(0)!;
  if (code < 128) return code - 48;
  let first = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--;
  return (code - first) % 10;
}

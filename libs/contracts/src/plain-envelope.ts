import type { Envelope } from './envelope';

/** Days of the months, of February in a year that is no leap year: its 29th is left to the schema. */
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const [colon, dash, dot, nought, nine, t, z] = [...':-.09TZ'].map((sign) => sign.charCodeAt(0)) as [number, number, number, number, number, number, number];

/**
 * True where an object is plainly what the schema of the envelope asks for, as nearly all are; false says nothing, the schema decides. Ten times
 * cheaper than the schema: the door spends most of its time on such questions.
 */
export function isPlainEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { specversion, id, source, type, subject, time } = value as Record<string, unknown>;
  return specversion === '1.0' && isText(id, 128) && isText(source, 256) && isText(type, 128) && isText(subject, 128) && typeof time === 'string' && isPlainTime(time);
}

function isText(value: unknown, mostCharacters: number): boolean {
  if (typeof value !== 'string' || value.length === 0 || value.length > mostCharacters) return false;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code < 32 || code === 127) return false;
  }
  return true;
}

/** `2026-01-05T12:00:00Z`, with three digits of milliseconds or without. */
export function isPlainTime(text: string): boolean {
  const { length } = text;
  if ((length !== 20 && length !== 24) || text.charCodeAt(length - 1) !== z || text.charCodeAt(10) !== t) return false;
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash || text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return false;
  if (length === 24 && (text.charCodeAt(19) !== dot || numberAt(text, 20, 3) < 0)) return false;
  const [month, day] = [numberAt(text, 5, 2), numberAt(text, 8, 2)];
  return numberAt(text, 0, 4) > 0 && month >= 1 && month <= 12 && day >= 1 && day <= monthDays[month - 1]! && isWithin(numberAt(text, 11, 2), 23) && isWithin(numberAt(text, 14, 2), 59) && isWithin(numberAt(text, 17, 2), 59);
}

function isWithin(value: number, most: number): boolean {
  return value >= 0 && value <= most;
}

/** -1 where one of them is no digit. */
function numberAt(text: string, at: number, digits: number): number {
  let value = 0;
  for (let index = at; index < at + digits; index++) {
    const code = text.charCodeAt(index);
    if (code < nought || code > nine) return -1;
    value = value * 10 + code - nought;
  }
  return value;
}

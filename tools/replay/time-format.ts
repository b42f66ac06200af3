import { utcOfLocal } from './local-time';
import type { Converted } from './money';

/** Reads a cell as event time in milliseconds. */
export type TimeReader = (text: string) => Converted<number>;

const hourMs = 3_600_000;
const digitsOf: Record<string, number> = { yyyy: 4, MM: 2, dd: 2, HH: 2, mm: 2, ss: 2, SSS: 3 };
const bad = { ok: false, reason: 'not a time' } as const;

/** "iso", "unix-seconds", "unix-milliseconds", or a pattern of yyyy MM dd HH mm ss SSS; a time without an offset is the zone's. */
export function timeReader(format: string, timeZone: string): TimeReader {
  if (format === 'unix-seconds') return (text) => scaled(text, 1000);
  if (format === 'unix-milliseconds') return (text) => scaled(text, 1);
  return format === 'iso' ? isoReader(timeZone) : patternReader(format, timeZone);
}

/** Hours, whole or decimal, since an origin. */
export function hoursSinceReader(originMs: number): TimeReader {
  return (text) => {
    const sinceMs = scaled(text, hourMs);
    return sinceMs.ok ? { ok: true, value: originMs + sinceMs.value } : sinceMs;
  };
}

function scaled(text: string, factor: number): Converted<number> {
  if (!/^\d+(\.\d+)?$/.test(text)) return bad;
  const value = Math.round(Number(text) * factor);
  return value <= 8.64e15 ? { ok: true, value } : bad;
}

function isoReader(timeZone: string): TimeReader {
  return (text) => {
    const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s?(Z|[+-]\d\d:\d\d)?$/.exec(text);
    if (!match) return bad;
    const reading = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`);
    if (Number.isNaN(reading) || !isRealDay(match[1] ?? '')) return bad;
    return { ok: true, value: match[3] ? reading : utcOfLocal(reading, timeZone) };
  };
}

function patternReader(pattern: string, timeZone: string): TimeReader {
  const names: string[] = [];
  const source = pattern.replace(/yyyy|MM|dd|HH|mm|ss|SSS|[^A-Za-z0-9]|./g, (token) => {
    const digits = digitsOf[token];
    if (!digits) return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    names.push(token);
    return `(\\d{${digits}})`;
  });
  const expression = new RegExp(`^${source}$`);
  return (text) => {
    const match = expression.exec(text);
    if (!match) return bad;
    const at = (name: string, otherwise: string): string => (names.includes(name) ? (match[names.indexOf(name) + 1] ?? otherwise) : otherwise);
    const day = `${at('yyyy', '1970')}-${at('MM', '01')}-${at('dd', '01')}`;
    const reading = Date.parse(`${day}T${at('HH', '00')}:${at('mm', '00')}:${at('ss', '00')}.${at('SSS', '000')}Z`);
    return Number.isNaN(reading) || !isRealDay(day) ? bad : { ok: true, value: utcOfLocal(reading, timeZone) };
  };
}

/** Date.parse takes 30 February for 2 March. */
function isRealDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

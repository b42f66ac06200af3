/** Local time of the simulated city (Central European, with summer time), computed: no ICU, the same everywhere. */
export const timeZone = 'Europe/Berlin';
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Hours that local time is ahead of UTC. */
export function offsetHours(timeMs: number): 1 | 2 {
  const year = new Date(timeMs).getUTCFullYear();
  const { fromMs, toMs } = summers.get(year) ?? summerOf(year);
  return timeMs >= fromMs && timeMs < toMs ? 2 : 1;
}

const summers = new Map<number, { readonly fromMs: number; readonly toMs: number }>();

function summerOf(year: number): { readonly fromMs: number; readonly toMs: number } {
  const summer = { fromMs: lastSundayMs(year, 2), toMs: lastSundayMs(year, 9) };
  summers.set(year, summer);
  return summer;
}

/** 0 is Monday. */
export function localWeekday(timeMs: number): number {
  return (Math.floor((timeMs + offsetHours(timeMs) * hourMs) / dayMs) + 3) % 7;
}

/** The instant at which the local day of `timeMs` began. */
export function localMidnightMs(timeMs: number): number {
  const offsetMs = offsetHours(timeMs) * hourMs;
  return Math.floor((timeMs + offsetMs) / dayMs) * dayMs - offsetMs;
}

/** 0 at the start of the year, 1 at its end. */
export function shareOfYear(timeMs: number): number {
  return ((timeMs / dayMs) % 365.25) / 365.25;
}

/** 01:00 UTC on the last Sunday of the month (2 = March), when the clocks change. */
function lastSundayMs(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0));
  return lastDay.getTime() - lastDay.getUTCDay() * dayMs + hourMs;
}

/** A public holiday of the country (the nine that all its states share), on which shops are closed; by the local date. */
export function isHoliday(timeMs: number): boolean {
  const local = new Date(timeMs + offsetHours(timeMs) * hourMs);
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()];
  if (fixedHolidays.has(month * 100 + day)) return true;
  const sinceEaster = Math.round((Date.UTC(year, month - 1, day) - easterSundayMs(year)) / dayMs);
  return movableHolidays.has(sinceEaster);
}

/** New Year, 1 May, 3 October, 25 and 26 December. */
const fixedHolidays = new Set([101, 501, 1003, 1225, 1226]);
/** Good Friday, Easter Monday, Ascension, Whit Monday: days after Easter Sunday. */
const movableHolidays = new Set([-2, 1, 39, 50]);

/** Gregorian Easter (Meeus, Jones and Butcher). */
function easterSundayMs(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const dayOfMarch = h + l - 7 * m + 22;
  return Date.UTC(year, 2, dayOfMarch);
}

import { dayMs, hourMs, minuteMs } from './time-units';

export interface LocalTime {
  /** Hours since local midnight with their fraction, in [0, 24). */
  readonly hour: number;
  /** 0 is Monday. */
  readonly weekday: number;
}

/** Offsets change only on quarter hours of UTC, so one look-up serves all clients of the zone for that long. */
const offsetStepMs = 15 * minuteMs;
const zones = new Map<string, { readonly format: Intl.DateTimeFormat; step: number; offsetMs: number }>();

export function localTime(timeMs: number, timeZone: string): LocalTime {
  const local = timeMs + offsetMs(timeMs, timeZone);
  const day = Math.floor(local / dayMs);
  return { hour: (local - day * dayMs) / hourMs, weekday: (((day + 3) % 7) + 7) % 7 };
}

/** How much of the calendar month has passed on the client's own clock, by whole days, in [0, 1). */
export function monthPart(timeMs: number, timeZone: string): number {
  const day = Math.floor((timeMs + offsetMs(timeMs, timeZone)) / dayMs);
  if (lastDay.day !== day) lastDay = { day, part: monthPartOf(new Date(day * dayMs)) };
  return lastDay.part;
}

/** The day that was asked for last: events come nearly in order, and a calendar takes its time. */
let lastDay = { day: NaN, part: 0 };

function monthPartOf(day: Date): number {
  const days = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  return (day.getUTCDate() - 1) / days;
}

function offsetMs(timeMs: number, timeZone: string): number {
  const zone = zones.get(timeZone) ?? addZone(timeZone);
  const step = Math.floor(timeMs / offsetStepMs);
  if (zone.step !== step) {
    zone.offsetMs = readOffset(zone.format, step * offsetStepMs);
    zone.step = step;
  }
  return zone.offsetMs;
}

function addZone(timeZone: string): { readonly format: Intl.DateTimeFormat; step: number; offsetMs: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const zone = { format, step: NaN, offsetMs: 0 };
  zones.set(timeZone, zone);
  return zone;
}

function readOffset(format: Intl.DateTimeFormat, timeMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(timeMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - timeMs;
}

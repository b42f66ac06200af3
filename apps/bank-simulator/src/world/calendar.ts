/** Local time of the simulated city (Central European, with summer time), computed: no ICU, the same everywhere. */
export const timeZone = 'Europe/Berlin';
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Hours that local time is ahead of UTC. */
export function offsetHours(timeMs: number): 1 | 2 {
  const year = new Date(timeMs).getUTCFullYear();
  return timeMs >= lastSundayMs(year, 2) && timeMs < lastSundayMs(year, 9) ? 2 : 1;
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

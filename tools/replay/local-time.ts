const hourMs = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/**
 * UTC milliseconds of a wall clock's reading in a zone, both as milliseconds. A reading that the zone skips or shows twice
 * (summer time) becomes one of its neighbours, the same one always.
 */
export function utcOfLocal(localMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return localMs;
  const guess = localMs - offsetAt(localMs, timeZone);
  return localMs - offsetAt(guess, timeZone);
}

/** Offsets change on whole quarter hours at most, and asking Intl costs microseconds: kept by quarter of an hour. */
function offsetAt(utcMs: number, timeZone: string): number {
  const quarter = Math.floor(utcMs / (hourMs / 4));
  const key = `${timeZone}|${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = localReading(quarter * (hourMs / 4), timeZone) - quarter * (hourMs / 4);
  if (offsets.size > 100_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function localReading(utcMs: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  formats.set(timeZone, format);
  const part = Object.fromEntries(format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute'], part['second']);
}

/** By their lower-case names. */
const zones: ReadonlyMap<string, string> = new Map([...Intl.supportedValuesOf('timeZone'), 'UTC'].map((name) => [name.toLowerCase(), name]));

/** The zone's own spelling, if the name is one but for case, blanks at its ends, or a blank where an underscore belongs. */
export function zoneNamed(name: string): string | undefined {
  return name.length > 64 ? undefined : zones.get(name.trim().replace(/ /g, '_').toLowerCase());
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A local time of a zone as an instant in UTC. Of a time that occurs twice the first is meant; one that is skipped moves on by the gap. Undefined for what is no time. */
export function instantOf(localTime: string, timeZone: string): string | undefined {
  const wallMs = Date.parse(`${localTime}Z`);
  if (Number.isNaN(wallMs)) return undefined;
  const before = wallMs - offsetMs(wallMs - 86_400_000, timeZone);
  const after = wallMs - offsetMs(wallMs + 86_400_000, timeZone);
  const found = [before, after].find((instantMs) => instantMs + offsetMs(instantMs, timeZone) === wallMs) ?? before;
  return new Date(found).toISOString();
}

function offsetMs(instantMs: number, timeZone: string): number {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const wallMs = Date.UTC(parts['year']!, parts['month']! - 1, parts['day']!, parts['hour']!, parts['minute']!, parts['second']!);
  return wallMs - Math.floor(instantMs / 1_000) * 1_000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...numeric });
  formats.set(timeZone, made);
  return made;
}

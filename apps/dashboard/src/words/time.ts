const instant = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const timeOfDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'UTC' });

/** Event time is shown in UTC: clients live in many time zones. */
export function formatInstant(ms: number): string {
  return `${instant.format(ms)} UTC`;
}

export function formatMoment(ms: number): string {
  return timeOfDay.format(ms);
}

const steps = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1000 },
] as const;

/** A span in its largest whole unit: `3 s`, `12 min`, `2 d`. */
export function formatAge(ms: number): string {
  const step = steps.find((candidate) => ms >= candidate.ms) ?? steps[3];
  return `${Math.max(0, Math.floor(ms / step.ms))} ${step.unit}`;
}

/** How far a stage is behind: milliseconds while it is quick. */
export function formatLag(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatAge(seconds * 1000);
}

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Days since 1970 in UTC: one grid for everybody, so that a change of time zone moves no purchase between buckets. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / dayMs);
}

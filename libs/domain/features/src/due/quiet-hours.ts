import { localTime } from '../local-time';
import { hourMs } from '../time-units';

export interface QuietHours {
  readonly quietFromHour: number;
  readonly quietUntilHour: number;
}

/** `hour` is the client's own; the quiet ones may reach over midnight. */
export function isQuietHour(hour: number, { quietFromHour, quietUntilHour }: QuietHours): boolean {
  if (quietFromHour <= quietUntilHour) return hour >= quietFromHour && hour < quietUntilHour;
  return hour >= quietFromHour || hour < quietUntilHour;
}

/**
 * When the quiet hours in which this time lies are over; undefined outside of them. The one place that says so: the feature store moves what
 * becomes due in them, the recommender what reaches it in them. Where clocks are changed that night, they end by the clock on the wall.
 */
export function quietEndsMs(timeMs: number, timeZone: string, quiet: QuietHours): number | undefined {
  const { hour } = localTime(timeMs, timeZone);
  if (!isQuietHour(hour, quiet)) return undefined;
  const byTheOldClockMs = timeMs + hoursUntil(quiet.quietUntilHour, hour) * hourMs;
  const changedHours = hoursUntil(quiet.quietUntilHour, localTime(byTheOldClockMs, timeZone).hour);
  return Math.ceil(byTheOldClockMs + (changedHours > 12 ? changedHours - 24 : changedHours) * hourMs);
}

function hoursUntil(untilHour: number, hour: number): number {
  return (untilHour - hour + 24) % 24;
}

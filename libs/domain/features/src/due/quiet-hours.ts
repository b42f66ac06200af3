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

/** When the quiet hours in which this time lies are over; undefined outside of them. */
export function quietEndsMs(timeMs: number, timeZone: string, quiet: QuietHours): number | undefined {
  const { hour } = localTime(timeMs, timeZone);
  return isQuietHour(hour, quiet) ? Math.ceil(timeMs + ((quiet.quietUntilHour - hour + 24) % 24) * hourMs) : undefined;
}

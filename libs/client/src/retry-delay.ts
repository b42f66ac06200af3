const shortestMs = 100;
const longestMs = 10_000;

/** Doubles with each attempt (the first is 1); half of it by chance, so that many senders do not come back at the same moment. */
export function backoffMs(attempt: number, chance: () => number = Math.random): number {
  const whole = Math.min(longestMs, shortestMs * 2 ** Math.min(attempt - 1, 20));
  return whole / 2 + (whole / 2) * chance();
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110); undefined where it says nothing. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

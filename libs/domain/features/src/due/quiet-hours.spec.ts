import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localTime } from '../local-time';
import { hourMs } from '../time-units';
import { isQuietHour, quietEndsMs } from './quiet-hours';

/** With nights in which clocks are changed, by an hour and by half of one, and quarter hours all year. */
const timeZones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Sao_Paulo'];
const aMoment = fc.record({
  timeMs: fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) }), timeZone: fc.constantFrom(...timeZones),
  quiet: fc.record({ quietFromHour: fc.integer({ min: 17, max: 23 }), quietUntilHour: fc.integer({ min: 4, max: 11 }) }),
});

it('a moment in quiet hours moves to their end by the clock on the wall: not in them any more, and not a day late', () => {
  let moved = 0;
  fc.assert(fc.property(aMoment, ({ timeMs, timeZone, quiet }) => {
    const endMs = quietEndsMs(timeMs, timeZone, quiet);
    expect(endMs === undefined).toBe(!isQuietHour(localTime(timeMs, timeZone).hour, quiet));
    if (endMs === undefined) return;
    moved++;
    const until = localTime(endMs, timeZone).hour;
    expect(isQuietHour(until, quiet)).toBe(false);
    expect(until).toBeCloseTo(quiet.quietUntilHour, 5);
    expect(endMs).toBeGreaterThanOrEqual(timeMs);
    expect(endMs - timeMs).toBeLessThanOrEqual(20 * hourMs);
  }), { numRuns: 3_000 });
  expect(moved).toBeGreaterThan(500);
});

it('holds in the nights in which clocks are changed', () => {
  const night = { quietFromHour: 22, quietUntilHour: 8 };
  const ends = [Date.UTC(2026, 2, 28, 22), Date.UTC(2026, 9, 24, 21)].map((timeMs) => quietEndsMs(timeMs, 'Europe/Berlin', night));
  expect(ends).toEqual([Date.UTC(2026, 2, 29, 6), Date.UTC(2026, 9, 25, 7)]);
});

import { describe, expect, it } from 'vitest';
import { mondayMs } from '@sp/contracts/testing';
import { localTime } from './local-time';
import { dayMs, hourMs, minuteMs } from './time-units';

describe('localTime', () => {
  it('reads the hour and the weekday on the client’s own clock', () => {
    expect(localTime(mondayMs, 'UTC')).toEqual({ hour: 0, weekday: 0 });
    expect(localTime(mondayMs, 'Europe/Berlin')).toEqual({ hour: 1, weekday: 0 });
    expect(localTime(mondayMs, 'America/New_York')).toEqual({ hour: 19, weekday: 6 });
    expect(localTime(mondayMs + 30 * minuteMs, 'Asia/Kathmandu')).toEqual({ hour: 6.25, weekday: 0 });
  });

  it('follows daylight saving time to the minute, forwards and backwards', () => {
    const springMs = Date.UTC(2026, 2, 29, 1);
    expect(localTime(springMs - minuteMs, 'Europe/Berlin').hour).toBeCloseTo(1 + 59 / 60);
    expect(localTime(springMs, 'Europe/Berlin').hour).toBe(3);
    expect(localTime(springMs - minuteMs, 'Europe/Berlin').hour).toBeCloseTo(1 + 59 / 60);
  });

  it('agrees with Intl over a year of hours', () => {
    for (const timeZone of ['America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Tokyo']) {
      const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
      for (let timeMs = mondayMs; timeMs < mondayMs + 365 * dayMs; timeMs += 7 * hourMs) {
        const [hour = 0, minute = 0] = format.format(timeMs).split(':').map(Number);
        expect(localTime(timeMs, timeZone).hour).toBe(hour + minute / 60);
      }
    }
  });
});

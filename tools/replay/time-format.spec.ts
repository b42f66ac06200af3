import { describe, expect, it } from 'vitest';
import { hoursSinceReader, timeReader } from './time-format';

const iso = (ms: number): string => new Date(ms).toISOString();
const read = (text: string, format: string, zone = 'UTC'): string => {
  const time = timeReader(format, zone)(text);
  return time.ok ? iso(time.value) : time.reason;
};

describe('event time out of text', () => {
  it('reads a pattern on the wall clock of its zone, in winter and in summer', () => {
    expect(read('2010-12-01 08:26:00', 'yyyy-MM-dd HH:mm:ss', 'Europe/London')).toBe('2010-12-01T08:26:00.000Z');
    expect(read('2011-06-01 08:26:00', 'yyyy-MM-dd HH:mm:ss', 'Europe/London')).toBe('2011-06-01T07:26:00.000Z');
    expect(read('03.04.2026 05:06', 'dd.MM.yyyy HH:mm', 'Asia/Kolkata')).toBe('2026-04-02T23:36:00.000Z');
  });

  it('reads ISO with an offset as it says, and without one in its zone', () => {
    expect(read('2026-01-05T10:00:00+02:00', 'iso', 'Europe/Berlin')).toBe('2026-01-05T08:00:00.000Z');
    expect(read('2026-01-05 10:00', 'iso', 'Europe/Berlin')).toBe('2026-01-05T09:00:00.000Z');
    expect(read('2026-01-05', 'iso')).toBe('2026-01-05T00:00:00.000Z');
  });

  it('reads counts of seconds, milliseconds, and hours since an origin', () => {
    expect(read('1767225600', 'unix-seconds')).toBe('2026-01-01T00:00:00.000Z');
    expect(read('1767225600123', 'unix-milliseconds')).toBe('2026-01-01T00:00:00.123Z');
    expect(hoursSinceReader(Date.UTC(2026, 0, 1))('25.5')).toEqual({ ok: true, value: Date.UTC(2026, 0, 2, 1, 30) });
  });

  it.each([['2026-02-30', 'iso'], ['2026-02-30 00:00', 'yyyy-MM-dd HH:mm'], ['2026-01-01 25:00', 'yyyy-MM-dd HH:mm'], ['soon', 'iso'], ['-5', 'unix-seconds'], ['1e9', 'unix-seconds'], ['', 'iso']])(
    'refuses %j as %s',
    (text, format) => {
      expect(read(text, format)).toBe('not a time');
    },
  );
});

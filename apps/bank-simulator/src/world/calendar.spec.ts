import { describe, expect, it } from 'vitest';
import { isHoliday, localWeekday, offsetHours } from './calendar';

describe('the calendar of the city', () => {
  it('knows the holidays, fixed and after Easter', () => {
    const noon = (date: string): number => Date.parse(`${date}T12:00:00Z`);
    for (const date of ['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-14', '2026-05-25', '2026-10-03', '2026-12-26', '2027-03-26', '2027-03-29']) expect(isHoliday(noon(date)), date).toBe(true);
    for (const date of ['2026-01-02', '2026-04-05', '2026-04-07', '2026-12-24']) expect(isHoliday(noon(date)), date).toBe(false);
  });

  it('begins a holiday at the local midnight', () => {
    expect(isHoliday(Date.parse('2026-05-13T22:00:00Z'))).toBe(true);
    expect(isHoliday(Date.parse('2026-05-14T22:00:00Z'))).toBe(false);
  });

  it('keeps summer time and weekdays', () => {
    expect([offsetHours(Date.parse('2026-03-29T00:59:00Z')), offsetHours(Date.parse('2026-03-29T01:00:00Z'))]).toEqual([1, 2]);
    expect(localWeekday(Date.parse('2026-01-04T23:30:00Z'))).toBe(0);
  });
});

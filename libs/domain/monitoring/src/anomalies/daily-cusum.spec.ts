import { expect, test } from 'vitest';
import { DailyCusum } from './daily-cusum';
import { drawsOf } from './testing/synthetic-stream';

/** Day of the first alarm after the 28th, or undefined; a leak begins there and grows by the share a day. */
function alarmDay(seed: number, leakADay: number, days = 88): { day: number; alarm: string } | undefined {
  const cusum = new DailyCusum();
  const draws = drawsOf(seed);
  for (let day = 0; day < days; day++) {
    const usual = 10_000 * (day % 7 > 4 ? 0.6 : 1) * Math.exp(0.03 * draws.normal());
    const { alarm } = cusum.observe(day % 7, usual * Math.pow(1 - leakADay, Math.max(0, day - 28)));
    if (alarm && day >= 28) return { day: day - 28, alarm };
  }
  return undefined;
}

test('finds a leak of one per cent a day within two weeks, in most of 20 streams', () => {
  const found = Array.from({ length: 20 }, (_, seed) => alarmDay(seed + 1, 0.01)).filter((one) => one !== undefined && one.alarm === 'low' && one.day <= 14);
  expect(found.length).toBeGreaterThanOrEqual(16);
});

test('says nothing in two months of most streams without one', () => {
  const alarms = Array.from({ length: 20 }, (_, seed) => alarmDay(seed + 100, 0)).filter((one) => one !== undefined);
  expect(alarms.length).toBeLessThanOrEqual(4);
});

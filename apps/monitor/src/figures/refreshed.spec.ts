import { expect, test } from 'vitest';
import { Refreshed } from './refreshed';

const options = { everyMs: 1000, explain: () => 'away', onError: () => undefined };

test('is absent before the first answer and current after it', async () => {
  const figures = new Refreshed(async () => 7, options);
  expect(figures.freshness(0)).toEqual({ state: 'absent' });
  await figures.refresh(5000);
  expect(figures.answer).toBe(7);
  expect(figures.freshness(5500)).toEqual({ state: 'current', asOfMs: 5000 });
});

test('asks no sooner than its time, and once for many that wait', async () => {
  let asked = 0;
  const figures = new Refreshed(async () => ++asked, options);
  await Promise.all([figures.refresh(0), figures.refresh(0), figures.refresh(0)]);
  await figures.refresh(900);
  expect(asked).toBe(1);
  await figures.refresh(1100);
  expect(asked).toBe(2);
});

test('a failure keeps the older answer and says why it is older', async () => {
  let works = true;
  const figures = new Refreshed(async () => (works ? 7 : Promise.reject(new Error('refused'))), options);
  await figures.refresh(0);
  works = false;
  await figures.refresh(2000);
  expect(figures.answer).toBe(7);
  expect(figures.freshness(2000)).toEqual({ state: 'delayed', asOfMs: 0, sentence: 'away' });
  works = true;
  await figures.refresh(4000);
  expect(figures.freshness(4000)).toEqual({ state: 'current', asOfMs: 4000 });
});

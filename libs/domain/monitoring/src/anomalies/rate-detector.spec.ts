import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateDetector, rateDetectorDefaults, type RateReading } from './rate-detector';
import { drawsOf, streamStartMs, syntheticStream } from './testing/synthetic-stream';

const dayMinutes = 1_440;
const learnedMinutes = 9 * dayMinutes;

/** Minutes until an episode opens after a trouble that begins at that minute; undefined if none opens within the hour. */
function minutesToFind(seed: number, factor: number, atMinute: number): number | undefined {
  const detector = new RateDetector();
  const stream = syntheticStream({ seed, eventsAMinute: 200, wander: 0, factor: (minute) => (minute >= atMinute ? factor : 1) }, atMinute + 60);
  let minute = 0;
  for (const bucket of stream) if (detector.observe(bucket).change === 'opened' && minute >= atMinute) return minute - atMinute + 1;
    else minute++;
  return undefined;
}

describe('at 200 events a minute', () => {
  test.each([0, 0.1])('raises at most 0.3 false episodes a stream-day with a wander of %d', (wander) => {
    const days = 21;
    let [episodes, judgedDays] = [0, 0];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const detector = new RateDetector();
      for (const bucket of syntheticStream({ seed, eventsAMinute: 200, wander }, days * dayMinutes)) if (detector.observe(bucket).change === 'opened') episodes++;
      judgedDays += days - 2;
    }
    expect(episodes / judgedDays).toBeLessThanOrEqual(0.3);
  });

  test('finds an outage in 2 minutes and a halving in 8, by day and by night', () => {
    const hours = [2, 8, 13, 19];
    const outages = hours.map((hour, place) => minutesToFind(10 + place, 0, learnedMinutes + hour * 60));
    const halvings = hours.map((hour, place) => minutesToFind(20 + place, 0.5, learnedMinutes + hour * 60));
    expect(Math.max(...outages.map((found) => found ?? Infinity))).toBeLessThanOrEqual(2);
    expect(halvings.filter((found) => found !== undefined && found <= 8).length).toBeGreaterThanOrEqual(3);
  });
});

test('an empty stream is no data, a small one is not', () => {
  const readings = afterWeek((minute) => (minute < 10 ? 0 : 20));
  expect(readings[1]).toMatchObject({ noData: true, state: 'firing', direction: 'low' });
  expect(readings[20]).toMatchObject({ noData: false, state: 'firing' });
});

test('an episode closes when the stream is as it should be again, and what was learned during it is nothing', () => {
  const readings = afterWeek((minute) => (minute < 120 ? 400 : 200));
  expect(readings.filter(({ change }) => change === 'opened')).toHaveLength(1);
  expect(readings.find(({ change }) => change === 'closed')?.timeMs).toBeLessThan(streamStartMs + (learnedMinutes + 360) * 60_000);
  expect(Math.abs((readings[119]?.expected ?? 0) - 200)).toBeLessThan(20);
});

test('what lasts longer than a day is the new normal', () => {
  const readings = afterWeek(() => 400, 3 * dayMinutes);
  expect(readings.at(-1)?.state).toBe('normal');
  expect(readings.filter(({ change }) => change === 'opened').length).toBeLessThanOrEqual(2);
});

/** A busy shop by the hour, as the monitor watches merchants: seven purchases an hour by day, so many times that from the third week on. */
function hoursOfShop(factor: (hour: number) => number, hours: number): RateReading[] {
  const draws = drawsOf(11);
  const hourMs = 3_600_000;
  const detector = new RateDetector({ ...rateDetectorDefaults, bucketMs: hourMs, levelHalfLifeMs: 72 * hourMs, episode: { openAt: 13, forBuckets: 2, closeBelow: 5, keepFiringBuckets: 6, lockoutBuckets: 6 } });
  const usual = (hour: number): number => 3.5 * (1 + Math.sin(((hour % 24) - 9) / 24 * 2 * Math.PI));
  return Array.from({ length: 336 + hours }, (_, hour) => detector.observe({ timeMs: streamStartMs + hour * hourMs, count: draws.poisson(usual(hour) * (hour < 336 ? 1 : factor(hour - 336))) })).slice(336);
}

test('a step is told, taken for normal after a day, and does not hide the outage that follows', () => {
  const readings = hoursOfShop((hour) => (hour < 96 ? 2.2 : 0), 132);
  const changes = readings.flatMap(({ change, direction }, hour) => (change ? [{ hour, change, direction }] : []));
  expect(changes.map(({ change, direction }) => `${change} ${direction}`)).toEqual(['opened high', 'closed high', 'opened low']);
  expect(changes[1]!.hour).toBeLessThanOrEqual(48);
  expect(changes[2]!.hour - 96).toBeLessThanOrEqual(14);
});

test('an outage inside of a step is another episode: what turns from too much to too little says so', () => {
  const readings = hoursOfShop((hour) => (hour < 18 ? 2.2 : 0), 60);
  const changes = readings.flatMap(({ change, direction }, hour) => (change ? [{ hour, change, direction }] : []));
  expect(changes.slice(0, 2).map(({ change, direction }) => `${change} ${direction}`)).toEqual(['opened high', 'opened low']);
  expect(changes[1]!.hour).toBeLessThanOrEqual(36);
});

test('a shop that opens again after four silent days is what it was: no level was learned from the silence', () => {
  const readings = hoursOfShop((hour) => (hour < 96 ? 0 : 1), 168);
  expect(readings.flatMap(({ change, direction }) => (change ? [`${change} ${direction}`] : []))).toEqual(['opened low', 'closed low']);
});

test('a share is judged by its exposure: rejects that were one in a thousand and are one in ten', () => {
  const draws = drawsOf(7);
  const detector = new RateDetector({ ...rateDetectorDefaults, weekly: false, learningMs: 0 });
  const readings = Array.from({ length: 600 }, (_, minute) => detector.observe({ timeMs: minute * 60_000, count: draws.poisson(minute < 500 ? 0.2 : 20), exposure: 200 }));
  expect(readings.findIndex(({ change }) => change === 'opened')).toBeGreaterThanOrEqual(500);
  expect(readings.findIndex(({ change }) => change === 'opened')).toBeLessThan(504);
});

test('of a share, only too much is a trouble where nothing else was asked', () => {
  const share = (alarmOn: 'both' | 'high'): number => {
    const detector = new RateDetector({ ...rateDetectorDefaults, weekly: false, learningMs: 0, alarmOn });
    return Array.from({ length: 200 }, (_, minute) => detector.observe({ timeMs: minute * 60_000, count: minute < 100 ? 40 : 0, exposure: 200 })).filter(({ change }) => change === 'opened').length;
  };
  expect([share('both'), share('high')]).toEqual([1, 0]);
});

test('a share that was never above nothing stays unsuspicious', () => {
  const detector = new RateDetector({ ...rateDetectorDefaults, weekly: false, learningMs: 0 });
  const readings = Array.from({ length: 300 }, (_, minute) => detector.observe({ timeMs: minute * 60_000, count: 0, exposure: 200 }));
  expect(readings.filter(({ change, noData }) => change !== undefined || noData)).toEqual([]);
});

test('is causal and repeatable: what comes later changes no earlier reading', () => {
  const counts = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 400 });
  fc.assert(fc.property(counts, counts, (before, after) => {
    const alone = read(before);
    expect(read([...before, ...after]).slice(0, before.length)).toEqual(alone);
    expect(alone.every(({ score }) => Number.isFinite(score) && score >= 0)).toBe(true);
  }), { numRuns: 30 });
});

test('remembers as much after a month as after a day', () => {
  const sizes = [1, 28].map((days) => {
    const detector = new RateDetector();
    for (const bucket of syntheticStream({ seed: 3, eventsAMinute: 20, wander: 0 }, days * dayMinutes)) detector.observe(bucket);
    return JSON.stringify(detector, (_, value: unknown) => (typeof value === 'number' ? 0 : value)).length;
  });
  expect(sizes[1]).toBe(sizes[0]);
});

function read(counts: readonly number[]): RateReading[] {
  const detector = new RateDetector({ ...rateDetectorDefaults, bucketMs: 3_600_000 });
  return counts.map((count, hour) => detector.observe({ timeMs: hour * 3_600_000, count }));
}

/** Readings after nine days of 200 a minute. */
function afterWeek(mean: (minute: number) => number, minutes = 400): RateReading[] {
  const draws = drawsOf(5);
  const detector = new RateDetector();
  const at = (minute: number): number => streamStartMs + minute * 60_000;
  for (let minute = 0; minute < learnedMinutes; minute++) detector.observe({ timeMs: at(minute), count: draws.poisson(200) });
  return Array.from({ length: minutes }, (_, minute) => detector.observe({ timeMs: at(learnedMinutes + minute), count: mean(minute) === 0 ? 0 : draws.poisson(mean(minute)) }));
}

test('nothing is said of a stream before it has been watched for as long as it must be learned', () => {
  const hour = 3_600_000;
  const openedAt = (learningMs: number): number => {
    const detector = new RateDetector({ ...rateDetectorDefaults, weekly: false, bucketMs: hour, learningMs });
    return Array.from({ length: 240 }, (_, index) => index).find((index) => detector.observe({ timeMs: index * hour, count: index < 100 ? 20 : 0, exposure: 400 }).change === 'opened') ?? -1;
  };
  expect(openedAt(0)).toBeGreaterThanOrEqual(100);
  expect(openedAt(0)).toBeLessThan(110);
  expect(openedAt(14 * 24 * hour)).toBe(-1);
});

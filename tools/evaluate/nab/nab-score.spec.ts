import { expect, test } from 'vitest';
import { nabProfiles, nabScore, type ScoredSeries } from './nab-score';

const [standard, lowFalsePositives] = nabProfiles as [(typeof nabProfiles)[number], (typeof nabProfiles)[number]];
const records = 1_000;
const series = (detections: readonly number[]): ScoredSeries => ({
  name: 's', timesMs: Array.from({ length: records }, (_, at) => at * 60_000), scores: Array.from({ length: records }, (_, at) => (detections.includes(at) ? 1 : 0)), windows: [[500 * 60_000, 599 * 60_000]],
});

test('a detection at the first record of every window and no other is 100, silence is 0', () => {
  expect(nabScore([series([500])], standard).normalised).toBeCloseTo(100, 9);
  expect(nabScore([series([])], standard).normalised).toBe(0);
});

test('a detection in the middle of a window is worth by the sigmoid, a second one nothing more', () => {
  // 2 / (1 + e^-2.5) - 1 over the same at the window's first record.
  const middle = (2 / (1 + Math.exp(-2.5)) - 1) / (2 / (1 + Math.exp(-5)) - 1);
  expect(nabScore([series([550])], standard).normalised).toBeCloseTo(50 * (1 + middle), 9);
  expect(nabScore([series([550, 580])], standard).normalised).toBeCloseTo(50 * (1 + middle), 9);
});

test('false detections cost by the profile, the nearer behind a window the less; before 15 % of the series they cost nothing', () => {
  expect(nabScore([series([500, 300])], standard).normalised).toBeCloseTo(100 - 50 * 0.11, 9);
  expect(nabScore([series([500, 300])], lowFalsePositives).normalised).toBeCloseTo(100 - 50 * 0.22, 9);
  expect(nabScore([series([500, 100])], standard).normalised).toBeCloseTo(100, 9);
  const near = nabScore([series([500, 602])], standard).normalised;
  expect(near).toBeGreaterThan(nabScore([series([500, 950])], standard).normalised);
});

test('the threshold is chosen over the corpus: what is scored lower than the windows does not count', () => {
  const noisy = series([500]);
  const result = nabScore([{ ...noisy, scores: noisy.scores.map((score, at) => (at === 300 ? 0.5 : score)) }], standard);
  expect(result).toMatchObject({ threshold: 1, foundWindows: 1, falsePositives: 0 });
});

import { expect, test } from 'vitest';
import { drawsOf } from '../anomalies/testing/synthetic-stream';
import { ScoreSpread, type HourOfScores } from './score-spread';

function hourOf(version: string, scores: readonly number[]): HourOfScores {
  return { version, count: scores.length, sum: scores.reduce((a, b) => a + b, 0), sumSquares: scores.reduce((a, b) => a + b * b, 0), distinct: new Set(scores).size };
}

test('a model that gives everybody the same is found with its first twenty scores, and one that tells them apart is not', () => {
  const draws = drawsOf(3);
  const spread = new ScoreSpread();
  const normal = () => hourOf('good', Array.from({ length: 25 }, () => 0.1 + 0.05 * draws.uniform()));
  for (let hour = 0; hour < 50; hour++) expect(spread.see(normal())?.isCollapsed).toBe(false);
  expect(spread.see(hourOf('bad', new Array<number>(12).fill(0.2)))).toBeUndefined();
  expect(spread.see(hourOf('bad', new Array<number>(12).fill(0.2)))).toMatchObject({ version: 'bad', count: 24, isCollapsed: true });
  expect(spread.see(normal())?.isCollapsed).toBe(false);
});

test('the very first model may be a constant too', () => {
  expect(new ScoreSpread().see(hourOf('first', new Array<number>(40).fill(0.2)))?.isCollapsed).toBe(true);
});

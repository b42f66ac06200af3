import { mondayMs } from '@sp/contracts/testing';
import { describe, expect, it } from 'vitest';
import { SourceRhythm } from './source-rhythm';

const hourMs = 3_600_000;
const lateOf = (rhythm: SourceRhythm, timesMs: readonly number[]): number => timesMs.filter((timeMs) => rhythm.lateBy(timeMs) > 0).length;
/** In [0, 1), always the same, in no order. */
const scattered = (index: number): number => ((index * 7_919) % 1_000) / 1_000;
const hour = (number: number): number[] => Array.from({ length: 400 }, (_, index) => mondayMs + (number + scattered(index)) * hourMs);

describe('lateness by the rhythm of a source', () => {
  it('is none for one that sends whole hours in any order, once its habit is known', () => {
    const rhythm = new SourceRhythm();
    expect(lateOf(rhythm, hour(0))).toBeLessThan(20);
    for (let number = 1; number < 24; number++) expect(lateOf(rhythm, hour(number))).toBe(0);
  });

  it('is told for what such a source has kept for a night', () => {
    const rhythm = new SourceRhythm();
    for (let number = 0; number < 24; number++) lateOf(rhythm, hour(number));
    expect(rhythm.lateBy(mondayMs + 14 * hourMs)).toBeGreaterThan(9 * hourMs);
  });

  it('is told by seconds for one that sends each event as it happens, even if a fifth of them are late', () => {
    const rhythm = new SourceRhythm();
    const times = Array.from({ length: 1_000 }, (_, index) => mondayMs + index * 1_000 - (index % 5 === 4 ? 60_000 : 0));
    expect(lateOf(rhythm, times)).toBeGreaterThanOrEqual(195);
  });
});

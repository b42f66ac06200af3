import { describe, expect, it } from 'vitest';
import { backoffMs, retryAfterMs } from './retry-delay';

describe('how long to wait', () => {
  it('doubles up to ten seconds, and leaves half to chance', () => {
    expect([1, 2, 3, 8, 50].map((attempt) => backoffMs(attempt, () => 1))).toEqual([100, 200, 400, 10_000, 10_000]);
    expect([1, 8].map((attempt) => backoffMs(attempt, () => 0))).toEqual([50, 5_000]);
  });

  it('is what the door says, as seconds or as a date', () => {
    const nowMs = Date.UTC(2026, 0, 5, 12);
    expect(['3', ' 0 ', 'Mon, 05 Jan 2026 12:00:07 GMT', 'Mon, 05 Jan 2026 11:00:00 GMT', 'soon', '', null].map((header) => retryAfterMs(header, nowMs))).toEqual([3_000, 0, 7_000, 0, undefined, undefined, undefined]);
  });
});

import { describe, expect, it } from 'vitest';
import { descendants } from './processor-time';

describe('processor time of what a process has started', () => {
  const rows = '  5  3 00:01:30\n  3  1 01:00\n 42  7 00:00:09\n  8  5 1-02:00:00\n  9  1 0:02.50\n';

  it('counts children and theirs, in every form of time, and nobody else', () => {
    expect(Object.fromEntries(descendants(rows, 1))).toEqual({ 3: 60, 5: 90, 8: 93_600, 9: 2.5 });
    expect(Object.fromEntries(descendants(rows, 3))).toEqual({ 5: 90, 8: 93_600 });
    expect(descendants('', 1).size).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { measureCoverage } from './coverage';

describe('measureCoverage', () => {
  it('holds the truth about as often as it says, on logs whose truth is known', () => {
    for (const { covered, meanMinor, truthMinor } of measureCoverage(60, 1_000)) {
      expect(covered).toBeGreaterThanOrEqual(51);
      expect(Math.abs(meanMinor / truthMinor - 1)).toBeLessThan(0.05);
    }
  });
});

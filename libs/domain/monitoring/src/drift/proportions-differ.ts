import gammainc from '@stdlib/math-base-special-gammainc';

interface Proportion {
  readonly of: number;
  readonly hits: number;
}

/** Below so many expected hits or misses the chi-square limit says nothing. */
const leastExpected = 5;

/** Two-sided p of two shares being one (Pearson's chi-square of the two by two table); undefined where the counts are too small to say. */
export function proportionsDiffer(a: Proportion, b: Proportion): number | undefined {
  const all = a.of + b.of;
  const share = (a.hits + b.hits) / all;
  if (!(Math.min(a.of, b.of) * Math.min(share, 1 - share) >= leastExpected)) return undefined;
  const z2 = (a.hits / a.of - b.hits / b.of) ** 2 / (share * (1 - share) * (1 / a.of + 1 / b.of));
  return z2 === 0 ? 1 : gammainc(z2 / 2, 0.5, true, true);
}

import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { anytimeMultiplier, asymptoticConfidenceSequence, differenceSequence } from './confidence-sequence';
import { welchDifference } from './welch-difference';

const options = { alpha: 0.05, tightestAt: 1000 };

/** Exponential numbers of mean 1 (skewed, as spend is), from a seed. */
function draw(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => -Math.log(((generator.next() >>> 0) + 1) / (2 ** 32 + 1));
}

class Running {
  n = 0;
  private sum = 0;
  private squares = 0;
  add(value: number): void {
    this.n += 1;
    this.sum += value;
    this.squares += value * value;
  }
  sample(): { n: number; mean: number; variance: number } {
    const mean = this.sum / this.n;
    return { n: this.n, mean, variance: (this.squares - this.n * mean * mean) / (this.n - 1) };
  }
}

/** Two equal arms looked at after every tenth client of 2,000: did either method ever call a difference? */
function peek(seed: number): { sequence: boolean; welch: boolean } {
  const next = draw(seed);
  const [a, b] = [new Running(), new Running()];
  const called = { sequence: false, welch: false };
  for (let client = 1; client <= 2000; client += 1) {
    a.add(next());
    b.add(next());
    if (client < 50 || client % 10 > 0) continue;
    const sequence = differenceSequence(a.sample(), b.sample(), options);
    const welch = welchDifference(a.sample(), b.sample());
    called.sequence ||= sequence.known && (sequence.low > 0 || sequence.high < 0);
    called.welch ||= welch.known && welch.p < 0.05;
  }
  return called;
}

// Values of theorem 2.2 computed apart from this code (NumPy, rho by the paper's closed form).
test.each([[1000, 3.035208990376253], [100, 3.855054633530311], [10_000, 3.2417231454054374]])('after %i observations the half-width is %f standard errors', (t, expected) => {
  expect(anytimeMultiplier(t, options)).toBeCloseTo(expected, 10);
});

test('is about as tight as can be at the time that was chosen', () => {
  const at = (tightestAt: number): number => anytimeMultiplier(1000, { alpha: 0.05, tightestAt });
  expect(at(1000)).toBeLessThan(at(300));
  expect(at(1000)).toBeLessThan(at(3000));
});

describe('looking at two equal arms 196 times', () => {
  const runs = Array.from({ length: 200 }, (_, seed) => peek(seed + 1));

  test('the sequence calls a difference in at most 5 % of experiments', () => {
    expect(runs.filter((run) => run.sequence).length).toBeLessThanOrEqual(10);
  });

  test("a fixed-sample test looked at as often calls one in many more: that is what the sequence is for", () => {
    expect(runs.filter((run) => run.welch).length).toBeGreaterThan(30);
  });
});

test('a true difference is found in time', () => {
  const next = draw(7);
  const [a, b] = [new Running(), new Running()];
  for (let client = 0; client < 2000; client += 1) {
    a.add(next());
    b.add(next() * 1.2);
  }
  const found = differenceSequence(a.sample(), b.sample(), options);
  expect(found.known && found.low).toBeGreaterThan(0);
});

test('degenerate samples give a reason', () => {
  expect(asymptoticConfidenceSequence({ n: 1, mean: 4, variance: 0 }, options)).toEqual({ known: false, reason: 'too-few-observations' });
  expect(asymptoticConfidenceSequence({ n: 9, mean: 4, variance: 0 }, options)).toEqual({ known: false, reason: 'no-variance' });
  expect(differenceSequence({ n: 0, mean: 0, variance: 0 }, { n: 9, mean: 4, variance: 1 }, options)).toEqual({ known: false, reason: 'too-few-observations' });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { methodNames, runCases } from './run-cases';

interface Vector {
  readonly method: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly tolerance: number;
}

/** Made by reference-vectors.py beside it, which shares no code with the project. */
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../testing/reference-vectors.json'), 'utf8')) as Vector[];

const armOf = (n: number, sum: number, sumSquares: number) => ({ n, sum, sumSquares });

describe('SciPy, R and the published examples agree', () => {
  test.each(vectors.map((vector, index) => [`${index}: ${vector.method}, ${vector.source}`, vector] as const))('%s', (_, { method, input, expected, tolerance }) => {
    const [answer] = runCases([{ method, input }]);
    const { looks, ...result } = answer?.result ?? {};
    const bounds = (looks as { bound: number }[] | undefined)?.map(({ bound }) => bound);
    for (const [field, value] of Object.entries(expected)) expectNear(field === 'bounds' ? bounds : result[field], value, tolerance, field);
  });
});

function expectNear(actual: unknown, expected: unknown, tolerance: number, field: string): void {
  if (Array.isArray(expected)) return expected.forEach((value, i) => expectNear((actual as unknown[])[i], value, tolerance, `${field}[${i}]`));
  if (expected === null) return;
  if (typeof expected !== 'number') return expect(actual, field).toBe(expected);
  expect(typeof actual, field).toBe('number');
  expect(Math.abs((actual as number) - expected), `${field}: ${String(actual)} against ${expected}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}

test('there is a vector for every method but those that simulate or stand on another', () => {
  const checked = new Set(vectors.map(({ method }) => method));
  expect(methodNames.filter((name) => !checked.has(name))).toEqual(['clustered-rate', 'p-adjust', 'time-to-detect', 'detectable-effect-by-simulation']);
});

test('a wrong case is answered in its place, with its field', () => {
  const results = runCases([{ method: 'wilson', input: { n: 10, successes: 'x' } }, { method: 'wilson', input: { n: 10, successes: 3 } }, { method: 'guess', input: {} }, { method: 'welch', input: { control: armOf(2, 1, 1) } }]);
  expect(results.map(({ field }) => field)).toEqual(['[0].input.successes', undefined, '[2].method', '[3].input.treatment']);
  expect(results[1]?.result).toMatchObject({ known: true, rate: 0.3 });
});

test('other names of methods and fields are understood', () => {
  const arms = { a: { count: 100, total: 500, sum_of_squares: 3000 }, b: { count: 100, total: 520, sum_of_squares: 3200 } };
  expect(runCases([{ method: 'welch_t_test', input: arms }])[0]?.result).toEqual(runCases([{ method: 'welch', input: { control: armOf(100, 500, 3000), treatment: armOf(100, 520, 3200) } }])[0]?.result);
});

const [empty, one, flat, fine] = [armOf(0, 0, 0), armOf(1, 5, 25), armOf(50, 100, 200), armOf(50, 120, 400)];
const pair = { n: 50, sumY: 120, sumX: 50, sumYY: 400, sumXX: 60, sumXY: 130 };
test.each<[string, string, unknown, string]>([
  ['an empty arm', 'welch', { control: empty, treatment: fine }, 'too-few-observations'],
  ['one client', 'welch', { control: one, treatment: fine }, 'too-few-observations'],
  ['no variance in either arm', 'welch', { control: flat, treatment: flat }, 'no-variance'],
  ['no success at all', 'two-proportions', { control: { n: 50, successes: 0 }, treatment: { n: 60, successes: 0 } }, 'no-variance'],
  ['nobody asked', 'two-proportions', { control: { n: 0, successes: 0 }, treatment: { n: 60, successes: 0 } }, 'too-few-observations'],
  ['more successes than clients', 'two-proportions', { control: { n: 5, successes: 9 }, treatment: { n: 60, successes: 0 } }, 'inconsistent-counts'],
  ['a zero denominator', 'ratio', { control: { ...pair, sumX: 0, sumXX: 0, sumXY: 0 }, treatment: pair }, 'zero-denominator'],
  ['one client with a pre-period', 'cuped', { control: { n: 1, sumY: 1, sumX: 1, sumYY: 1, sumXX: 1, sumXY: 1 }, treatment: pair }, 'too-few-observations'],
  ['no values', 'winsorised-means', { control: { values: [] }, treatment: { values: [] } }, 'too-few-observations'],
  ['no client yet', 'srm', { observed: [0, 0] }, 'too-few-observations'],
  ['no client yet, at every look', 'sequential-srm', { looks: [[0, 0]] }, 'too-few-observations'],
  ['a flat sequence', 'confidence-sequence', { control: flat, treatment: flat }, 'no-variance'],
  ['nobody before', 'pre-exposure-bias', { control: empty, treatment: empty }, 'too-few-observations'],
])('%s is neutral, with its reason', (_, method, input, reason) => {
  const result = runCases([{ method, input }])[0]?.result;
  expect(result).toMatchObject({ known: false, reason });
  expect(result).toMatchObject({ p: 1 });
  expect(JSON.stringify(result)).not.toContain('null');
});

test('a pre-period that is the same for everybody adjusts nothing', () => {
  const flatBefore = { n: 50, sumY: 120, sumX: 50, sumYY: 400, sumXX: 50, sumXY: 120 };
  expect(runCases([{ method: 'cuped', input: { control: flatBefore, treatment: flatBefore } }])[0]?.result).toMatchObject({ theta: 0, known: true, difference: 0, p: 1 });
});

test('the lift of a zero baseline is not known, the difference is', () => {
  const result = runCases([{ method: 'welch', input: { control: armOf(50, 0, 50), treatment: fine } }])[0]?.result;
  expect(result).toMatchObject({ known: true, lift: { known: false, reason: 'baseline-near-zero' } });
});

/** Every method that is given arms, with each kind of arm that has no answer. */
const hopeless = {
  'an empty arm': { arm: empty, pair: { n: 0, sumY: 0, sumX: 0, sumYY: 0, sumXX: 0, sumXY: 0 }, proportion: { n: 0, successes: 0 }, values: [] as number[] },
  'one client': { arm: one, pair: { n: 1, sumY: 1, sumX: 1, sumYY: 1, sumXX: 1, sumXY: 1 }, proportion: { n: 1, successes: 1 }, values: [5] },
  'no variance': { arm: flat, pair: { n: 50, sumY: 100, sumX: 50, sumYY: 200, sumXX: 50, sumXY: 100 }, proportion: { n: 50, successes: 0 }, values: [2, 2, 2] },
  'a zero denominator': { arm: armOf(50, 0, 0), pair: { ...pair, sumX: 0, sumXX: 0, sumXY: 0 }, proportion: { n: 50, successes: 50 }, values: [0, 0, 0] },
};
type Hopeless = (typeof hopeless)[keyof typeof hopeless];
const both = <T>(arm: T) => ({ control: arm, treatment: arm });
const inputs: Readonly<Record<string, (arm: Hopeless) => object>> = {
  'wilson': ({ proportion }) => proportion,
  'two-proportions': ({ proportion }) => both(proportion),
  'welch': ({ arm }) => both(arm),
  'ratio': ({ pair: sums }) => both(sums),
  'winsorised-means': ({ values }) => both({ values }),
  'cuped': ({ pair: sums }) => both(sums),
  'relative-lift': ({ arm }) => both(arm),
  'confidence-sequence': ({ arm }) => both(arm),
  'chance-to-win': ({ arm }) => both(arm),
  'pre-exposure-bias': ({ arm }) => both(arm),
  'srm': ({ arm: { n } }) => ({ observed: [n, 0] }),
  'sequential-srm': ({ arm: { n } }) => ({ looks: [[n, 0]] }),
  'multiple-exposures': ({ arm: { n } }) => ({ clients: n, inSeveralArms: 0 }),
  'minimum-detectable-effect': ({ arm: { n } }) => ({ standardDeviation: 0, controlClients: n, treatedClients: n }),
  'sample-size': () => ({ standardDeviation: 0, effect: 0 }),
  'power': ({ arm: { n } }) => ({ standardDeviation: 0, effect: 1, controlClients: n, treatedClients: n }),
  'time-to-detect': ({ arm: { n } }) => ({ standardDeviation: 0, effect: 1, clientsPerDayPerArm: n, horizonDays: 5 }),
  'detectable-effect-by-simulation': ({ arm: { n } }) => ({ standardDeviation: 0, clientsPerDayPerArm: n, horizonDays: 5 }),
  'clustered-rate': ({ pair: { n, ...sums } }) => ({ clients: n, ...sums }),
};
/** Of no arms: lists of p-values, and information fractions. */
const withoutArms = ['bonferroni', 'holm', 'hochberg', 'benjamini-hochberg', 'benjamini-yekutieli', 'p-adjust', 'group-sequential'];

test('every method is tried', () => expect([...Object.keys(inputs), ...withoutArms].sort()).toEqual([...methodNames].sort()));

test.each(Object.keys(hopeless) as (keyof typeof hopeless)[])('with %s every method answers with finite numbers, or with a reason and nothing significant', (kind) => {
  for (const [method, inputOf] of Object.entries(inputs)) {
    const [answer] = runCases([{ method, input: inputOf(hopeless[kind]) }]);
    expect(answer?.error, method).toBeUndefined();
    expect(JSON.stringify(answer?.result), method).not.toMatch(/null|NaN|Infinity/);
    if (answer?.result?.['known'] !== false) continue;
    expect(answer.result['reason'], method).toMatch(/^(too-few-observations|no-variance|zero-denominator|baseline-near-zero|inconsistent-counts)$/);
    expect(answer.result['significant'] ?? false, method).toBe(false);
  }
});

test('of no p-values none is rejected', () => {
  for (const method of withoutArms.slice(0, -2)) expect(runCases([{ method, input: { pValues: [] } }])[0]?.result).toMatchObject({ adjusted: [], rejected: [] });
});

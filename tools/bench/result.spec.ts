import { describe, expect, it } from 'vitest';
import { paths, readOptions } from './bench-options';
import { compare, comparisonText } from './compare';
import { isMet, median, quantile, rowOf, type BenchResult, type Row } from './result';
import { sharesText, tableOf } from './table';

const about = { path: 'engine', setting: '64 a frame', unit: 'events/s' } as const;
const machine = { cores: 2, model: 'any', memoryGigabytes: 4, platform: 'linux x64', node: '20', natsServer: '2', loadAtStart: 0, isBusy: false };
const runOf = (...rows: Row[]): BenchResult => ({ takenAt: '2026-01-05T00:00:00Z', machine, rows, shares: [] });

describe('the arithmetic of a row', () => {
  it('takes the ratio of each round before the median, so that a slow moment hits both of its halves', () => {
    const row = rowOf(about, [{ raw: 1_000, ours: 800 }, { raw: 100, ours: 80 }, { raw: 1_000, ours: 500 }]);
    expect(row).toMatchObject({ raw: 1_000, ours: 500, ratio: 0.8, range: [0.5, 0.8] });
  });

  it('takes the middle of an odd number and the mean of two middle ones of an even number', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
    expect(() => median([])).toThrow();
  });

  it('takes quantiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile([7], 0.99)]).toEqual([50, 99, 7]);
  });

  it('holds a ratio against its aim from either side', () => {
    const row = rowOf(about, [{ raw: 10, ours: 8 }]);
    expect([isMet(row), isMet({ ...row, aim: { atLeast: 0.8 } }), isMet({ ...row, aim: { atLeast: 0.81 } }), isMet({ ...row, aim: { atMost: 0.7 } })]).toEqual([undefined, true, false, false]);
  });
});

describe('the comparison with a saved run', () => {
  const old = rowOf(about, [{ raw: 100, ours: 50 }, { raw: 100, ours: 60 }]);
  const latency = (least: number, most: number): Row => ({ ...old, path: 'latency', unit: 'ms', ratio: (least + most) / 2, range: [least, most] });

  it('calls a row better or worse only where the rounds of the two runs do not overlap', () => {
    const now = (ours: number[]): Row => rowOf(about, ours.map((each) => ({ raw: 100, ours: each })));
    const verdicts = [[55, 90], [61, 70], [40, 49]].map((ours) => compare(runOf(old), runOf(now(ours)))[0]!.verdict);
    expect(verdicts).toEqual(['alike', 'better', 'worse']);
  });

  it('knows that less is better where time is measured', () => {
    expect(compare(runOf(latency(8, 9)), runOf(latency(4, 5)))[0]!.verdict).toBe('better');
    expect(compare(runOf(latency(8, 9)), runOf(latency(10, 12)))[0]!.verdict).toBe('worse');
  });

  it('compares only what both runs have', () => {
    const compared = compare(runOf(old), runOf(old, latency(1, 2)));
    expect(compared.map(({ path }) => path)).toEqual(['engine']);
    expect(comparisonText(compared)).toContain('alike');
  });

  it('comes through a saved file unchanged', () => {
    const run = runOf(old, latency(1, 2));
    expect(JSON.parse(JSON.stringify(run))).toEqual(run);
  });
});

describe('what is printed', () => {
  it('says raw, ours, ratio and whether the aim is met, under their headings', () => {
    const [headings, line] = tableOf([rowOf({ ...about, aim: { atLeast: 0.8 } }, [{ raw: 1_234_567, ours: 617_283 }])]).split('\n') as [string, string];
    expect(line).toMatch(/^engine +64 a frame +1,234,567 \/s +617,283 \/s +0\.50 +0\.50 to 0\.50 +>= 0\.8 missed$/);
    expect(line.indexOf('1,234,567')).toBe(headings.indexOf('raw limit'));
  });

  it('names the largest share first and adds up what is small', () => {
    expect(sharesText([{ of: 'scorer', shares: { fold: 0.2, a: 0.006, waiting: 0.788, b: 0.006 } }])).toBe('scorer: waiting 79 %, fold 20 %, rest 1 %');
  });
});

describe('the options', () => {
  it('measures all paths in both modes unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ only: { size: paths.length }, syncs: ['always', 'default'] });
    expect(readOptions(['--only', 'door,line', '--sync', 'always'])).toMatchObject({ only: new Set(['door', 'line']), syncs: ['always'] });
  });

  it('refuses what it does not know, with what it knows', () => {
    expect(() => readOptions(['--only', 'doors'])).toThrow(/choose of engine/);
    expect(() => readOptions(['--sync', 'never'])).toThrow(/"always" or "default"/);
    expect(() => readOptions(['--quick'])).toThrow(/--json FILE/);
  });
});

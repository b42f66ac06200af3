import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { adjustPValues, differenceSequence, groupSequentialVerdict, sampleRatioMismatch, sequentialRatioMismatch, welchDifference, welchScore, type Sample } from '@sp/experiments';
import { parse } from 'csv-parse/sync';

/** One look at one metric of a recorded test. */
interface Look {
  readonly control: Sample;
  readonly treated: Sample;
}

export interface RecordedReport {
  readonly experiments: number;
  /** Experiment x variant x metric, with at least two looks. */
  readonly comparisons: number;
  readonly looks: number;
  readonly fixedAtEnd: number;
  readonly fixedAtAnyLook: number;
  /** Called at some look, no longer at the end. */
  readonly fixedTakenBack: number;
  readonly groupSequential: number;
  readonly groupSequentialNotAtEnd: number;
  readonly sequence: number;
  readonly sequenceNotAtEnd: number;
  /** At the end, of all comparisons as one family. */
  readonly holm: number;
  readonly benjaminiHochberg: number;
  readonly splits: number;
  readonly brokenAtEnd: number;
  readonly brokenAtAnyLook: number;
  readonly brokenSequentially: number;
}

/**
 * The methods on recorded tests (ASOS Digital Experiments Dataset: Liu, Cardoso, Couturier, McCoy 2021): real interim readings, where nobody
 * knows the truth, so that only the methods can be compared with each other.
 * @param folder holds experiments.csv.gz: experiment_id, variant_id, metric_id, time_since_start, count_c, count_t, mean_c, mean_t, variance_c, variance_t
 */
export function reportRecordedTests(folder: string, alpha: number): RecordedReport {
  const tests = readTests(folder);
  const comparisons = [...tests.values()].filter((looks) => looks.length > 1);
  const verdicts = comparisons.map((looks) => verdictsOf(looks, alpha));
  const count = (which: (verdict: Verdicts) => boolean): number => verdicts.filter(which).length;
  const atEnd = verdicts.map(({ p }) => p);
  const splits = splitsOf(tests);
  return {
    experiments: new Set([...tests.keys()].map((key) => key.split('/')[0])).size,
    comparisons: comparisons.length,
    looks: comparisons.reduce((sum, looks) => sum + looks.length, 0),
    fixedAtEnd: count(({ end }) => end), fixedAtAnyLook: count(({ any }) => any), fixedTakenBack: count(({ any, end }) => any && !end),
    groupSequential: count(({ group }) => group), groupSequentialNotAtEnd: count(({ group, end }) => group && !end),
    sequence: count(({ sequence }) => sequence), sequenceNotAtEnd: count(({ sequence, end }) => sequence && !end),
    holm: adjustPValues(atEnd, 'holm').filter((p) => p <= alpha).length, benjaminiHochberg: adjustPValues(atEnd, 'benjamini-hochberg').filter((p) => p <= alpha).length,
    splits: splits.length, ...brokenSplits(splits),
  };
}

function readTests(folder: string): Map<string, Look[]> {
  const rows = parse(gunzipSync(readFileSync(join(folder, 'experiments.csv.gz'))), { columns: true }) as Record<string, string>[];
  const tests = new Map<string, Look[]>();
  for (const row of rows.sort((a, b) => Number(a['time_since_start']) - Number(b['time_since_start']))) {
    const arm = (letter: string): Sample => ({ n: Number(row[`count_${letter}`]), mean: Number(row[`mean_${letter}`]), variance: Number(row[`variance_${letter}`]) });
    const look = { control: arm('c'), treated: arm('t') };
    if (![look.control, look.treated].every(({ n, mean, variance }) => n >= 2 && Number.isFinite(mean) && Number.isFinite(variance))) continue;
    const key = `${row['experiment_id']}/${row['variant_id']}/${row['metric_id']}`;
    tests.set(key, [...(tests.get(key) ?? []), look]);
  }
  return tests;
}

interface Verdicts {
  readonly p: number;
  readonly end: boolean;
  readonly any: boolean;
  readonly group: boolean;
  readonly sequence: boolean;
}

/** The recorded end is taken as the horizon; both sequential methods look as often as was recorded. */
function verdictsOf(looks: readonly Look[], alpha: number): Verdicts {
  const ps = looks.map(({ control, treated }) => {
    const test = welchDifference(control, treated);
    return test.known ? test.p : 1;
  });
  const observations = looks.map(({ control, treated }) => control.n + treated.n);
  const last = observations.at(-1) ?? 1;
  const growing = looks.filter((_, look) => look === 0 || observations[look]! > Math.max(...observations.slice(0, look)));
  const informationFractions = growing.map(({ control, treated }) => (control.n + treated.n) / last).filter((fraction) => fraction <= 1);
  const z = growing.slice(0, informationFractions.length).map(({ control, treated }) => welchScore(control, treated));
  const apart = looks.some(({ control, treated }) => {
    const interval = differenceSequence(control, treated, { alpha, tightestAt: last });
    return interval.known && (interval.low > 0 || interval.high < 0);
  });
  const p = ps.at(-1) ?? 1;
  return { p, end: p < alpha, any: ps.some((value) => value < alpha), group: groupSequentialVerdict(z, { informationFractions, alpha }).direction !== 'none', sequence: apart };
}

/** Counts of both arms at every look, of the metric with the most clients (each metric has its own denominator). */
function splitsOf(tests: ReadonlyMap<string, Look[]>): number[][][] {
  const byVariant = new Map<string, Look[]>();
  const clients = (looks: readonly Look[]): number => (looks.at(-1)?.control.n ?? 0) + (looks.at(-1)?.treated.n ?? 0);
  for (const [key, looks] of tests) {
    const variant = key.slice(0, key.lastIndexOf('/'));
    if (clients(looks) > clients(byVariant.get(variant) ?? [])) byVariant.set(variant, looks);
  }
  return [...byVariant.values()].map((looks) => looks.map(({ control, treated }) => [control.n, treated.n]));
}

function brokenSplits(splits: readonly number[][][]): Pick<RecordedReport, 'brokenAtEnd' | 'brokenAtAnyLook' | 'brokenSequentially'> {
  const isBroken = (counts: readonly number[] | undefined): boolean => {
    const check = sampleRatioMismatch(counts ?? [], counts?.map(() => 1) ?? []);
    return check.known && check.mismatch;
  };
  const sequentially = splits.filter((looks) => {
    const check = sequentialRatioMismatch(looks, [1, 1]);
    return check.known && check.mismatch;
  });
  return { brokenAtEnd: splits.filter((looks) => isBroken(looks.at(-1))).length, brokenAtAnyLook: splits.filter((looks) => looks.some(isBroken)).length, brokenSequentially: sequentially.length };
}

export function recordedText(report: RecordedReport): string {
  const { experiments, comparisons, looks, splits } = report;
  const row = (text: string, number: number, of: number): string => `${text.padEnd(64)}${String(number).padStart(6)}${`${((100 * number) / of).toFixed(1)} %`.padStart(9)}`;
  return [
    `${experiments} recorded tests, ${comparisons} comparisons (variant x metric), ${looks} looks\n`,
    row('fixed test at the end', report.fixedAtEnd, comparisons),
    row('fixed test at any look', report.fixedAtAnyLook, comparisons),
    row('  of these no longer at the end', report.fixedTakenBack, comparisons),
    row('group-sequential', report.groupSequential, comparisons),
    row('  of these no fixed test would call at the end', report.groupSequentialNotAtEnd, comparisons),
    row('confidence sequence', report.sequence, comparisons),
    row('  of these no fixed test would call at the end', report.sequenceNotAtEnd, comparisons),
    row('fixed test at the end, all comparisons one family (Holm)', report.holm, comparisons),
    row('  the same by Benjamini-Hochberg', report.benjaminiHochberg, comparisons),
    '',
    row('splits not even at the end, chi-square p < 0.001', report.brokenAtEnd, splits),
    row('  at any look', report.brokenAtAnyLook, splits),
    row('  sequential test, any look', report.brokenSequentially, splits),
  ].join('\n');
}

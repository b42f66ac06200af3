import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SeriesDetector } from '@sp/monitoring';
import type { Case, CaseInput, Finding } from '../case';
import { csvRows, hasColumns, textOf, type PublicFile } from '../public-files';
import { nabProfiles, nabScore, type ScoredSeries } from './nab-score';

/** Published for the whole benchmark (its README): Numenta's own, and the next detectors on the list. */
const published = { 'reward_low_FP_rate': { 'KNN CAD': 43.4, 'random cut forest': 38.4, 'Twitter ADVec': 33.6 }, 'standard': { 'KNN CAD': 58.0, 'random cut forest': 51.7, 'Twitter ADVec': 47.1 } } as const;
const aims = { 'standard': 60, 'reward_low_FP_rate': 52 } as const;
const detectorName = 'smartPurchases';

interface Series extends ScoredSeries {
  readonly category: string;
  readonly rows: readonly Record<string, string>[];
}

/** The detector over a folder in the layout of the Numenta Anomaly Benchmark: every value scored from what was before it. */
export const nab: Case = { name: 'nab', evaluate };

function evaluate({ files, output, say }: CaseInput): readonly Finding[] | undefined {
  const labels = files.find(({ name }) => name === 'combined_windows');
  const windows = labels && (JSON.parse(textOf(labels)) as Record<string, [string, string][]>);
  const series = windows ? files.filter((file) => hasColumns(file, 'timestamp', 'value')).flatMap((file) => readSeries(file, windows)) : [];
  if (series.length === 0) return undefined;
  if (output !== undefined) say(`nab: detections of ${series.length} series are in ${writeDetections(series, output)}`);
  return (['standard', 'reward_low_FP_rate'] as const).map((name) => findingOf(series, name));
}

function findingOf(series: readonly Series[], name: keyof typeof aims): Finding {
  const profile = nabProfiles.find((candidate) => candidate.name === name)!;
  const { normalised, threshold, foundWindows, windows, falsePositives } = nabScore(series, profile);
  return {
    case: 'nab', metric: `score, ${name}`, ours: normalised, references: published[name], aim: { text: `at least ${aims[name]}`, met: normalised >= aims[name] },
    note: `${series.length} series, ${foundWindows} of ${windows} windows, ${falsePositives} false at ${threshold.toFixed(4)}; the others' are of all 58 series`,
  };
}

function readSeries(file: PublicFile, windows: Readonly<Record<string, [string, string][]>>): Series[] {
  const category = basename(dirname(file.path));
  const name = `${category}/${file.name}.csv`;
  if (!windows[name]) return [];
  const rows = csvRows(file);
  const timesMs = rows.map(({ timestamp = '' }) => timeOf(timestamp));
  const detector = new SeriesDetector();
  const scores = rows.map(({ value }, at) => detector.score(timesMs[at] ?? NaN, Number(value)));
  return [{ name, category, rows, timesMs, scores, windows: windows[name].map(([from, to]) => [timeOf(from), timeOf(to)] as const) }];
}

function timeOf(text: string): number {
  return Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
}

/** The benchmark's result form: a file a series, `label` telling whether the record lies in a window. */
function writeDetections(series: readonly Series[], output: string): string {
  const folder = join(output, detectorName);
  for (const { name, category, rows, timesMs, scores, windows } of series) {
    const lines = rows.map(({ timestamp, value }, at) => {
      const timeMs = timesMs[at] ?? NaN;
      return `${timestamp},${value},${scores[at]},${windows.some(([from, to]) => timeMs >= from && timeMs <= to) ? 1 : 0}`;
    });
    mkdirSync(join(folder, category), { recursive: true });
    writeFileSync(join(folder, category, `${detectorName}_${basename(name)}`), `timestamp,value,anomaly_score,label\n${lines.join('\n')}\n`);
  }
  return folder;
}

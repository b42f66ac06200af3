import { isMet, type BenchResult, type Row, type Shares } from './result';

const headings = ['path', 'setting', 'raw limit', 'ours', 'ours / raw', 'rounds', 'aim', 'note'];

/** The one table, a row a path. */
export function tableOf(rows: readonly Row[]): string {
  return aligned([headings, ...rows.map(cellsOf)]);
}

function cellsOf(row: Row): string[] {
  const { path, setting, unit, raw, ours, ratio, range, note = '' } = row;
  return [path, setting, amount(raw, unit), amount(ours, unit), ratioText(ratio), range.map(ratioText).join(' to '), aimText(row), note];
}

function aimText(row: Row): string {
  const met = isMet(row);
  if (met === undefined) return '';
  const { atLeast, atMost, oursAtMost } = row.aim!;
  const aim = oursAtMost !== undefined ? `<= ${oursAtMost} ${row.unit}` : atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
  return `${aim} ${met ? 'met' : 'missed'}`;
}

/** Where the time goes: the largest share first, what is below a hundredth together. */
export function sharesText(all: readonly Shares[]): string {
  return all.map(({ of, shares }) => `${of}: ${sharesOf(shares)}`).join('\n');
}

function sharesOf(shares: Shares['shares']): string {
  const sorted = Object.entries(shares).sort(([, a], [, b]) => b - a);
  const small = sorted.filter(([, share]) => share < 0.01).reduce((sum, [, share]) => sum + share, 0);
  const large = sorted.filter(([, share]) => share >= 0.01).map(([name, share]) => `${name} ${percent(share)}`);
  return [...large, ...(small >= 0.005 ? [`rest ${percent(small)}`] : [])].join(', ');
}

/** The machine in words, with a warning where others were at work. */
export function machineText({ machine, takenAt }: BenchResult): string {
  const { cores, model, memoryGigabytes, platform, node, natsServer, loadAtStart, isBusy } = machine;
  const line = `${takenAt.slice(0, 16)}Z  ${cores} cores (${model}), ${memoryGigabytes} GB, ${platform}, Node ${node}, nats-server ${natsServer}; load average at the start ${loadAtStart.toFixed(1)}`;
  return isBusy ? `${line}\nWARNING: the machine is busy with other work. Times say little, ratios somewhat more; look at the range of the rounds.` : line;
}

export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n');
}

export function ratioText(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio >= 0.1 ? ratio.toFixed(2) : ratio.toPrecision(2);
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function amount(value: number, unit: Row['unit']): string {
  return unit === 'ms' ? `${value.toFixed(value < 10 ? 2 : 1)} ms` : `${Math.round(value).toLocaleString('en-GB')} /s`;
}

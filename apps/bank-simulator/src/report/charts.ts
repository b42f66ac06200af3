import type { Estimate } from './estimates';

export interface IntervalBar {
  readonly name: string;
  readonly estimate: Estimate;
  readonly tone: 'seen' | 'true';
}

export interface Series {
  readonly name: string;
  readonly points: readonly (Estimate | undefined)[];
}

export interface Span {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const width = 860;
const left = 210;
const rowHeight = 24;

/** Each estimate with its interval on one axis, nothing (0) marked. */
export function intervalChart(bars: readonly IntervalBar[]): string {
  if (bars.length === 0) return '';
  const x = scale(Math.min(0, ...bars.map(({ estimate }) => estimate.low)), Math.max(0, ...bars.map(({ estimate }) => estimate.high)), left, width - 70);
  const rows = bars.map(({ name, estimate, tone }, place) => {
    const y = 14 + place * rowHeight;
    const colour = `var(--${tone})`;
    return `<text x="0" y="${y + 4}">${name}</text><line x1="${x(estimate.low)}" x2="${x(estimate.high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`
      + `<circle cx="${x(estimate.value)}" cy="${y}" r="4" fill="${colour}"/><text x="${width - 60}" y="${y + 4}">${(estimate.value * 100).toFixed(2)} %</text>`;
  });
  const zero = `<line x1="${x(0)}" x2="${x(0)}" y1="0" y2="${bars.length * rowHeight}" stroke="var(--line)"/>`;
  return svg(bars.length * rowHeight + 4, 'Effects with their intervals', zero + rows.join(''));
}

/** Lines with their bands; a gap where there is no figure. */
export function lineChart(labels: readonly string[], series: readonly Series[], said: (value: number) => string): string {
  const known = series.flatMap(({ points }) => points.filter((point) => point !== undefined));
  if (known.length === 0) return '';
  const height = 220;
  const [low, high] = [Math.min(...known.map((point) => point.low)), Math.max(...known.map((point) => point.high))];
  const y = scale(high, low, 10, height - 28);
  const x = scale(0, Math.max(1, labels.length - 1), 70, width - 110);
  const drawn = series.map(({ name, points }, place) => {
    const at = points.flatMap((point, index) => (point ? [{ index, point }] : []));
    const last = at.at(-1);
    if (!last) return '';
    const band = [...at.map(({ index, point }) => `${x(index)},${y(point.high)}`), ...at.toReversed().map(({ index, point }) => `${x(index)},${y(point.low)}`)].join(' ');
    const line = at.map(({ index, point }) => `${x(index)},${y(point.value)}`).join(' ');
    const colour = `var(--s${place % 5})`;
    return `<polygon points="${band}" fill="${colour}" opacity=".13"/><polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`
      + `<circle cx="${x(last.index)}" cy="${y(last.point.value)}" r="3" fill="${colour}"/><rect x="${width - 98}" y="${6 + place * 18}" width="10" height="10" fill="${colour}"/><text x="${width - 82}" y="${15 + place * 18}">${name}</text>`;
  });
  const axis = `<text x="0" y="16">${said(high)}</text><text x="0" y="${height - 26}">${said(low)}</text>`
    + labels.map((label, index) => (labels.length > 20 && index % 4 !== 0 ? '' : `<text x="${x(index) - 4}" y="${height - 6}">${label}</text>`)).join('');
  return svg(height, 'By week', axis + drawn.join(''));
}

/** When each trouble began and ended. */
export function spanChart(spans: readonly Span[], fromMs: number, toMs: number): string {
  const x = scale(fromMs, toMs, left, width - 10);
  const rows = spans.map((span, place) => {
    const y = 4 + place * rowHeight;
    const begin = x(Math.max(fromMs, span.fromMs));
    return `<text x="0" y="${y + 13}">${span.name}</text><rect x="${begin}" y="${y}" width="${Math.max(2, x(Math.min(toMs, span.toMs)) - begin)}" height="16" rx="2" fill="var(--s2)"/>`;
  });
  const axis = `<line x1="${left}" x2="${width - 10}" y1="${spans.length * rowHeight + 4}" y2="${spans.length * rowHeight + 4}" stroke="var(--line)"/>`
    + `<text x="${left}" y="${spans.length * rowHeight + 20}">${day(fromMs)}</text><text x="${width - 80}" y="${spans.length * rowHeight + 20}">${day(toMs)}</text>`;
  return svg(spans.length * rowHeight + 26, 'Planted troubles in time', rows.join('') + axis);
}

function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  return (value) => Math.round((start + ((value - from) / (to - from || 1)) * (end - start)) * 10) / 10;
}

function svg(height: number, label: string, body: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${body}</svg>`;
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

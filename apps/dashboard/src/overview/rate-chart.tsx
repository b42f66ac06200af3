import type { RatePoint } from '@sp/contracts';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatCount, formatRate } from '../words/numbers';

const heightPx = 180;
const windowSeconds = 300;

/** Drawn on a canvas once a second; the height is fixed, so nothing moves when data arrive. */
export function RateChart({ rates }: { readonly rates: readonly RatePoint[] }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const newest = useRef(rates);
  newest.current = rates;
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsFor(element), columnsOf(newest.current), element);
    };
    draw();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: heightPx }));
    const palette = matchMedia('(prefers-color-scheme: dark)');
    resized.observe(element);
    palette.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      palette.removeEventListener('change', draw);
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(columnsOf(rates)), [rates]);
  return <div ref={holder} role="img" aria-label={inWords(rates)} className="mx-2 overflow-hidden" style={{ height: heightPx }} />;
}

function columnsOf(rates: readonly RatePoint[]): uPlot.AlignedData {
  return [rates.map((point) => point.atMs / 1000), rates.map((point) => point.eventsPerSecond)];
}

function optionsFor(element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const font = '11px ui-sans-serif, system-ui, sans-serif';
  const axis = { stroke: color('--quiet'), font, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: heightPx,
    padding: [8, 28, 0, 0],
    cursor: { y: false, drag: { setScale: false }, points: { size: 7 } },
    legend: { show: false },
    scales: { x: { range: (_, __, max) => [max - windowSeconds, max] }, y: { range: (_, __, max) => [0, Math.max(5, max * 1.15)] } },
    axes: [
      { ...axis, grid: { show: false }, space: 90, size: 30, values: (_, splits) => splits.map((at) => clock.format(at * 1000)) },
      { ...axis, size: 52, space: 34, grid: { stroke: color('--line'), width: 1 }, values: (_, splits) => splits.map((value) => formatCount(value)) },
    ],
    series: [{}, { stroke: color('--accent'), width: 1.75, fill: color('--accent-soft'), points: { show: false } }],
    plugins: [tooltip()],
  };
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The value under the pointer, in a label that follows it. */
function tooltip(): uPlot.Plugin {
  const label = document.createElement('div');
  label.className = 'pointer-events-none absolute top-1 hidden rounded-md border border-line bg-card px-2 py-0.5 text-xs tabular-nums';
  const move = (plot: uPlot): void => {
    const index = plot.cursor.idx;
    const [at, value] = [plot.data[0][index ?? -1], plot.data[1]?.[index ?? -1]];
    label.classList.toggle('hidden', at === undefined || value === undefined || (plot.cursor.left ?? -1) < 0);
    if (at === undefined || value === undefined || value === null) return;
    label.textContent = `${formatRate(value)} at ${clock.format(at * 1000)}`;
    const left = plot.cursor.left ?? 0;
    label.style.left = `${left > plot.over.clientWidth - 150 ? left - 128 : left + 10}px`;
  };
  return { hooks: { init: (plot) => void plot.over.append(label), setCursor: move } };
}

function inWords(rates: readonly RatePoint[]): string {
  if (rates.length === 0) return 'Events a second: no figures yet';
  const values = rates.map((point) => point.eventsPerSecond);
  return `Events a second over the last five minutes: between ${formatRate(Math.min(...values))} and ${formatRate(Math.max(...values))}`;
}

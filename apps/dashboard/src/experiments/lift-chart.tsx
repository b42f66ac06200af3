import type { LiftPoint } from '@sp/contracts';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

const heightPx = 220;

/** Cumulative difference with its band; drawn on a canvas, told in words beside it. */
export function LiftChart({ points, format }: { readonly points: readonly LiftPoint[]; readonly format: (minor: number) => string }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const plot = new uPlot(optionsFor(element, format), columnsOf(points), element);
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [points, format]);
  return <div ref={holder} role="img" aria-label={inWords(points, format)} className="mx-2 overflow-hidden pb-2" style={{ height: heightPx }} />;
}

function columnsOf(points: readonly LiftPoint[]): uPlot.AlignedData {
  return [points.map(({ day }) => day), points.map(({ low }) => low), points.map(({ high }) => high), points.map(({ difference }) => difference), points.map(() => 0)];
}

function optionsFor(element: HTMLElement, format: (minor: number) => string): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: color('--quiet'), font: '11px ui-sans-serif, system-ui, sans-serif', ticks: { show: false } };
  const edge = { stroke: color('--track'), width: 1, points: { show: false } };
  return {
    width: element.clientWidth, height: heightPx, padding: [8, 28, 0, 0], legend: { show: false }, cursor: { drag: { setScale: false } }, scales: { x: { time: false } },
    axes: [{ ...axis, grid: { show: false }, size: 30, incrs: [1, 2, 5, 10, 20, 30] }, { ...axis, size: 90, grid: { stroke: color('--line'), width: 1 }, values: (_, splits) => splits.map((value) => format(value)) }],
    series: [{}, edge, edge, { stroke: color('--accent'), width: 2, points: { show: true, size: 5 } }, { stroke: color('--quiet'), width: 1, dash: [4, 4], points: { show: false } }],
    bands: [{ series: [2, 1], fill: color('--accent-soft') }],
  };
}

function inWords(points: readonly LiftPoint[], format: (minor: number) => string): string {
  const last = points.at(-1);
  if (!last) return 'Cumulative difference: no day yet';
  return `Cumulative difference on day ${last.day}: ${format(last.difference)}, between ${format(last.low)} and ${format(last.high)}`;
}

import type { SignalPoint } from '@sp/contracts';
import { formatCount } from '../words/numbers';
import { formatInstant } from '../words/time';

const [width, height] = [600, 120];

/** What came (line) and what was expected (dashed) around the moment; drawn once, so plain SVG does. */
export function MomentChart({ name, points }: { readonly name: string; readonly points: readonly SignalPoint[] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return <p className="label">The chart is kept when it has become quiet.</p>;
  const most = Math.max(1, ...points.map(({ count, expected = 0 }) => Math.max(count, expected)));
  const x = (place: number): number => (points.length < 2 ? 0 : (place / (points.length - 1)) * width);
  const y = (value: number): number => height - (value / most) * (height - 4);
  const path = (values: readonly (number | undefined)[]): string => values.map((value, place) => (value === undefined ? '' : `${values[place - 1] === undefined ? 'M' : 'L'}${x(place).toFixed(1)} ${y(value).toFixed(1)}`)).join('');
  return (
    <figure className="mt-2">
      <svg viewBox={`0 0 ${width} ${height}`} className="h-32 w-full" preserveAspectRatio="none" role="img" aria-label={`${name}, from ${formatInstant(first.timeMs)} to ${formatInstant(last.timeMs)}; at most ${formatCount(Math.round(most))}`}>
        <path d={path(points.map(({ expected }) => expected))} fill="none" className="stroke-quiet" strokeWidth="1.5" strokeDasharray="4 4" vectorEffect="non-scaling-stroke" />
        <path d={path(points.map(({ count }) => count))} fill="none" className="stroke-accent" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="label flex justify-between tabular-nums">
        <span>{formatInstant(first.timeMs)}</span>
        <span>dashed: expected; top: {formatCount(Math.round(most))}</span>
        <span>{formatInstant(last.timeMs)}</span>
      </figcaption>
    </figure>
  );
}

import type { Figure } from '@sp/contracts';
import { IntervalBar } from '../parts/interval-bar';
import { formatCount } from '../words/numbers';
import { gapWords } from '../words/verdicts';
import type { Scale } from './figure-scale';

export interface FigureCellProps {
  readonly figure: Figure | undefined;
  readonly format: (value: number) => string;
  readonly scale: Scale;
  /** What `n` counts, where that is not the arm's clients. */
  readonly of?: string;
  readonly mark?: number;
  readonly tone?: 'good' | 'bad' | 'quiet';
  /** Said where there can be no figure. */
  readonly absent?: string;
}

/** A figure, its interval in words and as a bar, and how much stands behind it; or why there is none. */
export function FigureCell({ figure, format, scale, of, mark, tone, absent = '' }: FigureCellProps) {
  if (!figure) return <td className="text-quiet">{absent === '' ? '–' : absent}</td>;
  if (!figure.known) return <td className="text-quiet">{gapWords[figure.reason]}</td>;
  const { value, low, high } = figure;
  return (
    <td>
      <div className="flex items-baseline gap-2 whitespace-nowrap">
        <span className="font-semibold">{format(value)}</span>
        {of !== undefined && <span className="text-xs text-quiet">of {formatCount(figure.n)}</span>}
      </div>
      <IntervalBar value={value} low={low} high={high} from={scale.from} to={scale.to} mark={mark} tone={tone} />
      <span className="label whitespace-nowrap">
        <span className="sr-only">between </span>
        {format(low)} <span aria-hidden="true">…</span>
        <span className="sr-only">and</span> {format(high)}
      </span>
    </td>
  );
}

export interface IntervalBarProps {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The scale, the same for every bar of a column, so that they can be compared by eye. */
  readonly from: number;
  readonly to: number;
  /** A value to mark, such as "no difference". */
  readonly mark?: number;
  readonly tone?: 'good' | 'bad' | 'quiet';
}

const tones = { good: 'text-good', bad: 'text-bad', quiet: 'text-quiet' } as const;

/** An interval and its middle on a common scale; the figures stand beside it in words, so it is hidden from readers of text. */
export function IntervalBar({ value, low, high, from, to, mark, tone = 'quiet' }: IntervalBarProps) {
  const place = (at: number): string => `${2 + 96 * Math.min(1, Math.max(0, (at - from) / (to - from || 1)))}%`;
  return (
    <svg aria-hidden="true" width="100%" height="14" className={`block ${tones[tone]}`}>
      <line x1="0" x2="100%" y1="7" y2="7" className="stroke-faint" strokeWidth="2" />
      {mark !== undefined && <line x1={place(mark)} x2={place(mark)} y1="0" y2="14" className="stroke-quiet" strokeWidth="1" />}
      <line x1={place(low)} x2={place(high)} y1="7" y2="7" stroke="currentColor" strokeOpacity="0.45" strokeWidth="5" strokeLinecap="round" />
      <circle cx={place(value)} cy="7" r="3.5" fill="currentColor" />
    </svg>
  );
}

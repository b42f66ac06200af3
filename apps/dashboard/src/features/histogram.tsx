export interface HistogramProps {
  readonly counts: readonly number[];
  readonly name: string;
  /** Values at the ends, as words. */
  readonly from: string;
  readonly to: string;
}

const width = 112;
const height = 26;

/** Counts of equal bins from the 1 % to the 99 % quantile; empty where nothing is known. */
export function Histogram({ counts, name, from, to }: HistogramProps) {
  if (counts.length === 0) return <span className="text-quiet">never known</span>;
  const highest = Math.max(...counts, 1);
  const step = width / counts.length;
  return (
    <svg role="img" aria-label={`Distribution of ${name} from ${from} to ${to}`} width={width} height={height} className="block">
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="stroke-line" />
      {counts.map((count, bin) => (
        <rect key={bin} className="fill-accent" x={bin * step} width={Math.max(1, step - 1)} y={height - 1 - ((height - 2) * count) / highest} height={((height - 2) * count) / highest} />
      ))}
    </svg>
  );
}

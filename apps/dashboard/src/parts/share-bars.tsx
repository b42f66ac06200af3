import { formatCount, formatPercent } from '../words/numbers';

export interface Share {
  readonly key: string;
  readonly label: string;
  /** A second, quiet line. */
  readonly detail?: string;
  /** The whole meaning, on demand. */
  readonly hint?: string;
  readonly count: number;
  readonly emphasis?: boolean;
}

/** Counts of a whole, each with its bar; the order is the caller's, so rows do not jump while numbers grow. */
export function ShareBars({ shares }: { readonly shares: readonly Share[] }) {
  const total = shares.reduce((sum, share) => sum + share.count, 0);
  const largest = Math.max(1, ...shares.map((share) => share.count));
  return (
    <ul className="grid grid-cols-[minmax(0,1fr)] gap-3 px-5 pb-5">
      {shares.map((share) => (
        <li key={share.key}>
          <div className="flex items-baseline gap-3 tabular-nums">
            <span className="min-w-0 flex-1 truncate" title={share.hint}>
              {share.label}
              {share.detail !== undefined && <span className="text-quiet"> · {share.detail}</span>}
            </span>
            <span>{formatCount(share.count)}</span>
            <span className="w-14 text-right text-quiet">{total > 0 ? formatPercent(share.count / total) : '–'}</span>
          </div>
          <div aria-hidden="true" className="mt-1.5 h-1.5 rounded-full bg-faint">
            <div className={`h-full rounded-full ${share.emphasis === false ? 'bg-track' : 'bg-accent'}`} style={{ width: `${(100 * share.count) / largest}%` }} />
          </div>
        </li>
      ))}
    </ul>
  );
}

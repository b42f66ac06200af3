import type { Earned } from '@sp/contracts';
import { useAnswer } from '../live/use-answer';
import { IncrementalCard } from './incremental-card';
import { PoliciesCard } from './policies-card';

const everyMs = 30_000;

/** What offers earned: what another policy would have earned from the same moments, and what would not have come anyhow. */
export function EarnedPage() {
  const { data, problem } = useAnswer<Earned>('v1/earned', everyMs);
  const sentence = problem ?? data?.freshness.sentence;
  return (
    <div className="grid gap-5 grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Earned</h1>
      {sentence !== undefined && <p role="note" className="text-quiet">{sentence}</p>}
      <PoliciesCard offPolicy={data?.offPolicy} currency={data?.currency ?? ''} asked={data !== undefined} />
      <IncrementalCard rows={data?.incremental ?? []} currency={data?.currency ?? ''} asked={data !== undefined} />
    </div>
  );
}

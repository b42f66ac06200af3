import type { StageName, StageState } from '@sp/contracts';
import { formatRate } from '../words/numbers';
import { formatLag } from '../words/time';

const order: readonly { readonly stage: StageName; readonly does: string }[] = [
  { stage: 'ingest', does: 'true, new, in order' },
  { stage: 'feature-store', does: 'what we know' },
  { stage: 'scorer', does: 'what might fit' },
  { stage: 'recommender', does: 'what to offer' },
  { stage: 'feedback-loop', does: 'what it earned' },
];

/** Longer than this behind, and a decision no longer meets its moment. */
const slowSeconds = 5;

export function LineStages({ stages }: { readonly stages: readonly StageState[] }) {
  return (
    <ol className="grid border-t border-line sm:grid-cols-5" aria-label="Stages of the line, in their order">
      {order.map(({ stage, does }) => (
        <li key={stage} className="stage border-line px-5 py-3 not-first:border-t sm:not-first:border-t-0 sm:not-first:border-l">
          <Stage name={stage} does={does} state={stages.find((candidate) => candidate.stage === stage)} />
        </li>
      ))}
    </ol>
  );
}

function Stage({ name, does, state }: { readonly name: StageName; readonly does: string; readonly state: StageState | undefined }) {
  const health = healthOf(state);
  return (
    <>
      <p className="flex items-center gap-2 font-medium">
        <span aria-hidden="true" className={`dot ${health.color}`} />
        {name}
        {health.words !== '' && <span className="text-xs font-normal text-warn">{health.words}</span>}
      </p>
      <p className="label">{does}</p>
      <dl className="mt-1.5 flex gap-5 tabular-nums">
        <Measure label="lag" value={state?.lagSeconds === undefined ? '–' : formatLag(state.lagSeconds)} />
        <Measure label="events/s" value={state?.eventsPerSecond === undefined ? '–' : formatRate(state.eventsPerSecond)} />
      </dl>
    </>
  );
}

function Measure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="flex flex-row-reverse items-baseline gap-1.5">
      <dt className="text-xs text-quiet">{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function healthOf(state: StageState | undefined): { color: string; words: string } {
  if (!state) return { color: 'text-track', words: '' };
  if (!state.reachable) return { color: 'text-bad', words: 'not answering' };
  return (state.lagSeconds ?? 0) > slowSeconds ? { color: 'text-warn', words: 'behind' } : { color: 'text-good', words: '' };
}

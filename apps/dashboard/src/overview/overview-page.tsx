import { useState } from 'react';
import { RecentDecisions } from '../decisions/recent-decisions';
import { WhyPanel } from '../decisions/why-panel';
import { useLive } from '../live/live-store';
import { ArmsCard } from './arms-card';
import { DecisionsByOutcome } from './decisions-by-outcome';
import { LineCard } from './line-card';
import { OffersByScenario } from './offers-by-scenario';

/** Is it working, and does it earn more than it costs? */
export function OverviewPage() {
  const { overview, experiments } = useLive();
  const [decisionId, setDecisionId] = useState<string>();
  const problem = overview?.freshness.sentence ?? experiments?.freshness.sentence;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <h1 className="sr-only">Overview</h1>
      {problem !== undefined && (
        <p role="alert" className="rounded-lg border border-line bg-warn-soft px-4 py-2.5 text-warn">
          {problem}
        </p>
      )}
      <ArmsCard />
      <LineCard />
      <div className="grid items-start gap-5 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,2.1fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <OffersByScenario counts={overview?.offersByScenario ?? []} />
          <DecisionsByOutcome counts={overview?.decisionsByOutcome ?? []} />
        </div>
        <RecentDecisions onOpen={setDecisionId} />
      </div>
      {decisionId !== undefined && <WhyPanel decisionId={decisionId} onClose={() => setDecisionId(undefined)} />}
    </div>
  );
}

import type { ContactState } from '@sp/contracts';
import { flow, isSharedFact, MergedTable, SharedFacts, StateTable, type Fold, type FoldScope } from '@sp/dataflow';
import { alwaysOnExperiment, Recommendations, type CampaignBudget, type ExperimentPolicy } from '@sp/offers';

/** Sees the fold as it stands after each event and each wake; for judging its invariants. */
export type Watch = (decisions: Recommendations, partition: number) => void;

/** Which of the candidates, if any, may and should this client get now? The decisions themselves are `Recommendations`; this gives them their state. */
function openDecisions({ state, timers, partition, partitions }: FoldScope, experiment: ExperimentPolicy, watch?: Watch): Fold<'recommender'> {
  const statistics = new MergedTable(state, 'merchant-statistics');
  const answers = new MergedTable(state, 'offer-answers');
  const decisions = new Recommendations({
    partition, partitions, timers,
    contacts: new StateTable<ContactState>(state, { kind: 'contact', version: 1 }),
    budgets: new StateTable<CampaignBudget>(state, { kind: 'budget', version: 1 }),
    modes: new StateTable<boolean>(state, { kind: 'mode', version: 1 }),
    statisticsVersion: () => statistics.version, answers,
  }, experiment);
  const shared = new SharedFacts(state, (fact) => decisions.applyFact(fact));
  return {
    onEvent(event, emit) {
      if (isSharedFact(event)) shared.keep(event);
      statistics.apply(event);
      answers.apply(event);
      const answer = decisions.onEvent(event, emit);
      watch?.(decisions, partition);
      return answer;
    },
    onTimer(clientId, timeMs, emit) {
      decisions.onTimer(clientId, timeMs, emit);
      watch?.(decisions, partition);
    },
  };
}

/** The one wiring of the recommender: its service, a replay of its log and the simulated faults run this. The experiment is the line's for good: another one is another line. */
export const recommenderFlow = (experiment: ExperimentPolicy = alwaysOnExperiment, watch?: Watch) =>
  flow('recommender').from('scorer', 'decision.scored').fold('decide', { late: 'count-and-update' }, (scope) => openDecisions(scope, experiment, watch)).to('recommender');

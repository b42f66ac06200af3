import type { ContactState } from '@sp/contracts';
import { flow, isSharedFact, MergedTable, SharedFacts, StateTable, type Fold, type FoldScope } from '@sp/dataflow';
import { alwaysOnExperiment, Recommendations, type CampaignBudget, type ExperimentPolicy } from '@sp/offers';

/** Which of the candidates, if any, may and should this client get now? The decisions themselves are `Recommendations`. */
function openDecisions({ state, timers, partition, partitions }: FoldScope, experiment: ExperimentPolicy): Fold<'recommender'> {
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
      return decisions.onEvent(event, emit);
    },
    onTimer: (clientId, timeMs, emit) => decisions.onTimer(clientId, timeMs, emit),
  };
}

/** The experiment is the line's for good: another one is another line. */
export const recommenderFlow = (experiment: ExperimentPolicy = alwaysOnExperiment) =>
  flow('recommender').from('scorer', 'decision.scored').fold('decide', { late: 'count-and-update' }, (scope) => openDecisions(scope, experiment)).to('recommender');

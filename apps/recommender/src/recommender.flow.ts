import type { ContactState } from '@sp/contracts';
import { flow, isSharedFact, MergedTable, SharedFacts, StateTable, type Fold, type FoldScope } from '@sp/dataflow';
import { Recommendations, type CampaignBudget } from '@sp/offers';

/** Which of the candidates, if any, may and should this client get now? The decisions themselves are `Recommendations`. */
function openDecisions({ state, timers, partition, partitions }: FoldScope): Fold<'recommender'> {
  const statistics = new MergedTable(state, 'merchant-statistics');
  const decisions = new Recommendations({
    partition, partitions, timers,
    contacts: new StateTable<ContactState>(state, { kind: 'contact', version: 1 }),
    budgets: new StateTable<CampaignBudget>(state, { kind: 'budget', version: 1 }),
    modes: new StateTable<boolean>(state, { kind: 'mode', version: 1 }),
    statisticsVersion: () => statistics.version,
  });
  const shared = new SharedFacts(state, (fact) => decisions.applyFact(fact));
  return {
    onEvent(event, emit) {
      if (isSharedFact(event)) shared.keep(event);
      statistics.apply(event);
      return decisions.onEvent(event, emit);
    },
    onTimer: (clientId, timeMs, emit) => decisions.onTimer(clientId, timeMs, emit),
  };
}

export const recommenderFlow = flow('recommender').from('scorer', 'decision.scored').fold('decide', { late: 'count-and-update' }, openDecisions).to('recommender');

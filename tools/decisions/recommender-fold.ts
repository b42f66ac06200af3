import type { ContactState } from '@sp/contracts';
import { flow, isSharedFact, MergedTable, SharedFacts, StateTable, type FoldScope } from '@sp/dataflow';
import { Recommendations, type CampaignBudget } from '@sp/offers';

/** Sees the fold as it stands after each event; for judging its invariants. */
export type Watch = (decisions: Recommendations, partition: number) => void;

/** The recommender's flow, as its service runs it: the decisions are `Recommendations`, this only gives them their state. */
export const recommendations = (watch?: Watch) =>
  flow('recommender').from('scorer', 'decision.scored').fold('decide', { late: 'count-and-update' }, ({ state, timers, partition, partitions }: FoldScope) => {
    const statistics = new MergedTable(state, 'merchant-statistics');
    const answers = new MergedTable(state, 'offer-answers');
    const decisions = new Recommendations({
      partition, partitions, timers,
      contacts: new StateTable<ContactState>(state, { kind: 'contact', version: 1 }),
      budgets: new StateTable<CampaignBudget>(state, { kind: 'budget', version: 1 }),
      modes: new StateTable<boolean>(state, { kind: 'mode', version: 1 }),
      statisticsVersion: () => statistics.version, answers,
    });
    const shared = new SharedFacts(state, (fact) => decisions.applyFact(fact));
    return {
      onEvent(event, emit) {
        if (isSharedFact(event)) shared.keep(event);
        statistics.apply(event);
        answers.apply(event);
        const passed = decisions.onEvent(event, emit);
        watch?.(decisions, partition);
        return passed;
      },
      onTimer(clientId, timeMs, emit) {
        decisions.onTimer(clientId, timeMs, emit);
        watch?.(decisions, partition);
      },
    };
  }).to('recommender');

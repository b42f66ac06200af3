import type { ContactState } from '@sp/contracts';
import { flow, isSharedFact, SharedFacts, StateTable, type FoldScope } from '@sp/dataflow';
import { Recommendations, type CampaignBudget } from '@sp/offers';

/** Sees the fold as it stands after each event; for judging its invariants. */
export type Watch = (decisions: Recommendations, partition: number) => void;

/** The recommender's flow, as its service runs it: the decisions are `Recommendations`, this only gives them their state. */
export const recommendations = (watch?: Watch) =>
  flow('recommender').from('scorer').fold('decide', ({ state, timers, partition, partitions }: FoldScope) => {
    const decisions = new Recommendations({
      partition, partitions, timers,
      contacts: new StateTable<ContactState>(state, { kind: 'contact', version: 1 }),
      budgets: new StateTable<CampaignBudget>(state, { kind: 'budget', version: 1 }),
      modes: new StateTable<boolean>(state, { kind: 'mode', version: 1 }),
    });
    const shared = new SharedFacts(state, (fact) => decisions.applyFact(fact));
    return {
      onEvent(event, emit) {
        if (isSharedFact(event)) shared.keep(event);
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

import { ownSource, type Outcome, type OutcomeAmended, type OutcomeClosed } from '@sp/contracts';
import { flow, isSharedFact, SharedFacts, StateTable, type Emitted, type Fold, type FoldScope } from '@sp/dataflow';
import { MerchantTable } from '@sp/features';
import { banditDeltasOf, foldOpenOffers, upcastOpenOffers, wakeOpenOffers, type AttributionStep, type GroupOf, type OpenOffers } from '@sp/offers';
import { statisticsOfOffers, statisticsOfSpending } from './merchant-deltas';

/**
 * What did the decision earn? Remembers each client's open offers and ghosts, and what was bought in their time; closes each into exactly one
 * outcome, and amends it where something later changes it: the last word is the same whatever the order or repetition of what is heard.
 * What happened at a merchant is added to the statistics of all merchants, what was predicted and came of offers to those of campaigns.
 */
function openAttribution({ state, timers, deltas }: FoldScope): Fold<'feedback-loop'> {
  const openOffers = new StateTable<OpenOffers>(state, { kind: 'open-offers', version: 2, upcast: { 1: upcastOpenOffers } });
  const merchants = new MerchantTable();
  const groupOf: GroupOf = (merchantId) => merchants.find(merchantId)?.groupId;
  const shared = new SharedFacts(state, (fact) => {
    if (fact.type === 'merchant.registered') merchants.apply(fact);
  });

  function take(clientId: string, before: OpenOffers | undefined, step: AttributionStep, timeMs: number, emit: (event: Emitted<'feedback-loop'>) => void): void {
    if (step.state !== before) {
      if (step.state) openOffers.put(clientId, step.state);
      else openOffers.delete(clientId);
    }
    timers.set(clientId, step.wakeAtMs);
    for (const outcome of step.outcomes) emit(closed(clientId, timeMs, outcome));
    for (const outcome of step.amendments) emit(amended(clientId, timeMs, outcome));
    for (const { merchantId, delta } of statisticsOfOffers(before, step)) deltas.add('merchant-statistics', merchantId, delta);
    for (const { key, delta } of banditDeltasOf(before, step)) deltas.add('offer-answers', key, delta);
  }

  return {
    onEvent(event, emit) {
      if (event.type === 'clock.ticked') return 'pass';
      if (isSharedFact(event)) {
        shared.keep(event);
        return 'drop';
      }
      const spent = statisticsOfSpending(event);
      if (spent) deltas.add('merchant-statistics', spent.merchantId, spent.delta);
      const before = openOffers.get(event.subject);
      take(event.subject, before, foldOpenOffers(before, event, groupOf), event.timeMs, emit);
      return 'drop';
    },
    onTimer(clientId, timeMs, emit) {
      const before = openOffers.get(clientId);
      take(clientId, before, wakeOpenOffers(before, timeMs), timeMs, emit);
    },
  };
}

function closed(clientId: string, timeMs: number, outcome: Outcome): OutcomeClosed {
  return { type: 'outcome.closed', id: outcome.offer.offerId, source: ownSource, subject: clientId, timeMs, data: outcome };
}

function amended(clientId: string, timeMs: number, outcome: Outcome): OutcomeAmended {
  return { type: 'outcome.amended', id: `${outcome.offer.offerId}:${outcome.revision}`, source: ownSource, subject: clientId, timeMs, data: outcome };
}

export const feedbackLoopFlow = flow('feedback-loop').from('recommender', 'decision.made', 'purchase.reversed').fold('attribute', { late: 'count-and-update' }, openAttribution).to('feedback-loop');

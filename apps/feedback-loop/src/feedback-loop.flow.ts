import { ownSource, type Outcome, type OutcomeClosed } from '@sp/contracts';
import { flow, StateTable, type Emitted, type Fold, type FoldScope } from '@sp/dataflow';
import { foldOpenOffers, wakeOpenOffers, type AttributionStep, type OpenOffers } from '@sp/offers';
import { statisticsOfOffers, statisticsOfSpending } from './merchant-deltas';

/**
 * What did the decision earn? Remembers each client's open offers and ghosts; closes each into exactly one outcome, at the purchase
 * that redeems it or when its time and grace are over, whatever the order or repetition of what is heard of it. What happened at a merchant is added
 * to the statistics of all merchants.
 */
function openAttribution({ state, timers, deltas }: FoldScope): Fold<'feedback-loop'> {
  const openOffers = new StateTable<OpenOffers>(state, { kind: 'open-offers', version: 1 });

  function take(clientId: string, before: OpenOffers | undefined, step: AttributionStep, timeMs: number, emit: (event: Emitted<'feedback-loop'>) => void): void {
    if (step.state !== before) {
      if (step.state) openOffers.put(clientId, step.state);
      else openOffers.delete(clientId);
    }
    timers.set(clientId, step.wakeAtMs);
    for (const outcome of step.outcomes) emit(closed(clientId, timeMs, outcome));
    for (const { merchantId, delta } of statisticsOfOffers(before, step)) deltas.add('merchant-statistics', merchantId, delta);
  }

  return {
    onEvent(event, emit) {
      if (event.type === 'clock.ticked') return 'pass';
      const spent = statisticsOfSpending(event);
      if (spent) deltas.add('merchant-statistics', spent.merchantId, spent.delta);
      const before = openOffers.get(event.subject);
      take(event.subject, before, foldOpenOffers(before, event), event.timeMs, emit);
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

export const feedbackLoopFlow = flow('feedback-loop').from('recommender', 'decision.made', 'purchase.reversed').fold('attribute', { late: 'count-and-update' }, openAttribution).to('feedback-loop');

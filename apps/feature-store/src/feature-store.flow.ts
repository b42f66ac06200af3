import { cautiousPolicy, ownSource, type DecisionDue, type LineEventOf, type PurchaseReversed, type Reject } from '@sp/contracts';
import { flow, isSharedFact, SharedFacts, StateTable, type Emitted, type Fold, type FoldScope } from '@sp/dataflow';
import { CampaignTable, ClientStates, foldClient, heldReversalDays, isClientEvent, MerchantTable, segmentDeltasOf, wakeClient, type ClientStep, type HeldReversals, type Reversal } from '@sp/features';

const unknownOriginal: Reject = { code: 'unknown-original', field: 'data.transactionId', message: `names no purchase that is remembered (120 days, the last 200 of a client); if it comes within ${heldReversalDays} days, it is taken back then` };
/** What only this stage needs; the rest is handed on. */
const consumed = new Set(['client.located', 'client.acted', 'decision.requested', 'rate.published']);

/**
 * What do we know of this client at this instant, and is a decision due?
 * Keyed by client, in the order of the log; duplicates were removed by ingest; late events update what they may and are counted. A reversal
 * whose purchase is unknown is counted for the client, goes to the dead letters and is held: a purchase that comes within a week is taken back then.
 * What the clients of a segment spend leaves by deltas, for the scorer to hold one client against his peers.
 */
function openClients({ state, timers, deltas }: FoldScope): Fold<'feature-store'> {
  const clients = new ClientStates(state);
  const held = new StateTable<HeldReversals>(state, { kind: 'held-reversals', version: 1 });
  const reference = { merchants: new MerchantTable(), campaigns: new CampaignTable(), limits: cautiousPolicy.contact };
  const shared = new SharedFacts(state, (fact) => {
    if (fact.type === 'policy.published') reference.limits = fact.data.policy.contact;
    if (fact.type === 'merchant.registered') reference.merchants.apply(fact);
    if (fact.type === 'campaign.published' || fact.type === 'campaign.paused') reference.campaigns.apply(fact);
  });

  function take(clientId: string, step: ClientStep, timeMs: number, emit: (event: Emitted<'feature-store'>) => void): void {
    if (step.state) clients.put(clientId, step.state);
    else clients.delete(clientId);
    timers.set(clientId, step.wakeAtMs);
    for (const data of step.due) emit(becameDue(clientId, timeMs, data));
  }

  function keepHeld(clientId: string, reversals: HeldReversals): void {
    if (reversals.length > 0) held.put(clientId, reversals);
    else held.delete(clientId);
  }

  return {
    onEvent(event, emit) {
      if (isSharedFact(event)) shared.keep(event);
      if (isClientEvent(event)) {
        const before = clients.get(event.subject);
        const segment = before?.facts.segment;
        const step = foldClient(before, event, reference, before && before.unmatchedReversals > 0 ? held.get(event.subject) : undefined);
        if (step.held) keepHeld(event.subject, step.held);
        take(event.subject, step, event.timeMs, emit);
        for (const { key, delta } of segmentDeltasOf(segment, before, step)) deltas.add('segment-spend', key, delta);
        for (const { event: told, reversal } of step.takenBack ?? []) emit(reversed(told, reversal));
        if (step.isUnknownOriginal) return unknownOriginal;
      }
      return consumed.has(event.type) ? 'drop' : 'pass';
    },
    onTimer(clientId, timeMs, emit) {
      const client = clients.get(clientId);
      if (client) take(clientId, wakeClient(client, timeMs, reference), timeMs, emit);
    },
  };
}

/** In the bank's own money, where features counted other. */
function reversed({ id, subject, timeMs, data, cleaning }: LineEventOf<'transaction.reversed'>, reversal: Reversal): PurchaseReversed {
  const { isWhole, purchase: { online, merchantId, mcc } } = reversal;
  const { amountMinor, currency } = cleaning?.original ?? { amountMinor: reversal.amountMinor, currency: reversal.purchase.currency };
  const known = { ...(merchantId !== undefined && { merchantId }), ...(mcc !== undefined && { mcc }) };
  return { type: 'purchase.reversed', id, source: ownSource, subject, timeMs, data: { transactionId: data.transactionId, amountMinor, isWhole, currency, channel: online ? 'online' : 'offline', ...known } };
}

function becameDue(clientId: string, timeMs: number, data: DecisionDue['data']): DecisionDue {
  return { type: 'decision.due', id: `${data.scenario}:${data.triggerEventId}`, source: ownSource, subject: clientId, timeMs, data };
}

export const featureStoreFlow = flow('feature-store').from('ingest').fold('clients', { late: 'count-and-update' }, openClients).to('feature-store');

import { ownSource, type ClientAssigned, type DecisionMade, type DecisionRecord, type LineEvent, type OfferIssued } from '@sp/contracts';
import { flow, isSharedFact, MergedTable, SharedFacts, StateTable, type Emitted, type Fold, type FoldScope } from '@sp/dataflow';
import { CampaignTable, featuresVersion } from '@sp/features';
import {
  alwaysOnExperiment, assignOnFirstSight, BudgetLedger, cautiousContactPolicy, contactWakeAtMs, decide, foldContact, wakeContact,
  type BudgetMovement, type CampaignBudget, type ContactState, type ContactStep,
} from '@sp/offers';

type Emit = (event: Emitted<'recommender'>) => void;

/** Whatever tells of a client for the first time puts him into his arm. */
const sightings = new Set(['client.registered', 'transaction.authorised', 'decision.scored']);

/** Set from the first offer on that somebody else is recorded to have made. */
const shadow = 'shadow';

/**
 * Which of the candidates, if any, may and should this client get now? Remembers each client's exposures and live offers, and this
 * partition's share of every budget. One decision for each due moment; repeated responses find no live offer and change nothing.
 */
function openDecisions({ state, timers, partition, partitions }: FoldScope): Fold<'recommender'> {
  const experiment = alwaysOnExperiment;
  const campaigns = new CampaignTable();
  const budget = new BudgetLedger({ partition, partitions, weights: experiment.weights }, new StateTable<CampaignBudget>(state, { kind: 'budget', version: 1 }));
  const contacts = new StateTable<ContactState>(state, { kind: 'contact', version: 1 });
  const modes = new StateTable<boolean>(state, { kind: 'mode', version: 1 });
  const statistics = new MergedTable(state, 'merchant-statistics');
  const shared = new SharedFacts(state, (fact) => {
    if (fact.type === 'campaign.published' || fact.type === 'campaign.paused') campaigns.apply(fact);
  });

  function keep(clientId: string, contact: ContactState | undefined, movements: readonly BudgetMovement[]): void {
    if (contact) contacts.put(clientId, contact);
    else contacts.delete(clientId);
    timers.set(clientId, contactWakeAtMs(contact));
    for (const movement of movements) budget.move(movement);
  }

  function follow(clientId: string, { state: contact, movements }: ContactStep): void {
    if (contact !== contacts.get(clientId) || movements.length > 0) keep(clientId, contact, movements);
  }

  function assign(event: LineEvent, emit: Emit): void {
    const { contact, assigned } = assignOnFirstSight(contacts.get(event.subject), event.subject, experiment);
    if (!assigned) return;
    keep(event.subject, contact, []);
    emit(assignedEvent(event, assigned));
  }

  return {
    onEvent(event, emit) {
      if (isSharedFact(event)) shared.keep(event);
      statistics.apply(event);
      if (event.type === 'offer.recorded') modes.put(shadow, true);
      if (event.type === 'campaign.published') budget.grant(event.subject, event.data.budgetMinor);
      if (sightings.has(event.type)) assign(event, emit);
      follow(event.subject, foldContact(contacts.get(event.subject), event));
      if (event.type !== 'decision.scored') return 'pass';
      const { data, subject: clientId, timeMs } = event;
      const decision = decide({ scored: data, clientId, timeMs, contact: contacts.get(clientId), campaigns, budget, experiment, policy: cautiousContactPolicy, featuresVersion });
      keep(clientId, decision.contact, decision.reserved ? [decision.reserved] : []);
      const record = withStatistics(decision.record, statistics.version);
      tell(modes.get(shadow) ? inShadow(record) : record, timeMs, data.replySubject, emit);
      return 'drop';
    },
    onTimer: (clientId, timeMs) => follow(clientId, wakeContact(contacts.get(clientId), timeMs)),
  };
}

/** What was known of all merchants when this was decided. */
function withStatistics(record: DecisionRecord, merchantStatistics: number): DecisionRecord {
  return merchantStatistics === 0 ? record : { ...record, versions: { ...record.versions, merchantStatistics } };
}

/** Where another system makes the offers, ours are ghosts in every arm: decided, remembered and judged, never delivered. */
function inShadow(record: DecisionRecord): DecisionRecord {
  return record.outcome === 'offer' ? { ...record, outcome: 'ghost' } : record;
}

function tell(record: DecisionRecord, timeMs: number, replySubject: string | undefined, emit: Emit): void {
  const base = { source: ownSource, subject: record.clientId, timeMs };
  emit({ type: 'decision.made', id: record.decisionId, ...base, data: { ...record, ...(replySubject !== undefined && { replySubject }) } } satisfies DecisionMade);
  if (record.outcome === 'offer' && record.offer) emit({ type: 'offer.issued', id: record.offer.offerId, ...base, data: record.offer } satisfies OfferIssued);
}

function assignedEvent(event: LineEvent, data: ClientAssigned['data']): ClientAssigned {
  return { type: 'client.assigned', id: `${data.experimentId}:${data.epoch}`, source: ownSource, subject: event.subject, timeMs: event.timeMs, data };
}

export const recommenderFlow = flow('recommender').from('scorer', 'decision.scored').fold('decide', { late: 'count-and-update' }, openDecisions).to('recommender');

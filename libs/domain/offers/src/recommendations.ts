import { cautiousPolicy, ownSource, packDecision, readCandidates, type ClientAssigned, type ContactState, type DecisionMade, type DecisionPolicy, type DecisionRecord, type DecisionScored, type LineEvent, type OfferIssued } from '@sp/contracts';
import { CampaignTable, featuresVersion } from '@sp/features';
import { assignOnFirstSight, assignToOwn, type Assignment } from './assignment';
import { BudgetLedger, type BudgetMovement, type CampaignBudget } from './budget-ledger';
import { contactWakeAtMs, foldContact, wakeContact, withoutMoved, type ContactStep } from './contact-state';
import { correctScores, type OfferAnswers } from './correct-scores';
import { decide, movedMoment } from './decide';
import type { EntryStore } from './entry-store';
import { alwaysOnExperiment, assignArm, type ExperimentPolicy } from './experiment';
import { OwnExperiments, policyUnder } from './own-experiments';

export interface ClientStore<Entry> extends EntryStore<Entry> {
  delete(key: string): void;
}

/** Where the fold keeps what it remembers; committed together with its position. */
export interface RecommendationStores {
  readonly partition: number;
  readonly partitions: number;
  readonly contacts: ClientStore<ContactState>;
  readonly budgets: EntryStore<CampaignBudget>;
  readonly modes: EntryStore<boolean>;
  /** Version of the merged table of merchants, 0 before there is one. */
  readonly statisticsVersion: () => number;
  readonly answers: OfferAnswers;
  readonly timers: { set(clientId: string, atMs: number | undefined): void };
}

type Emitted = DecisionMade | OfferIssued | ClientAssigned;
type Emit = (event: Emitted) => void;

/** Whatever tells of a client for the first time puts him into his arm. */
const sightings = new Set(['client.registered', 'transaction.authorised', 'decision.scored']);

/** Set from the first offer on that somebody else is recorded to have made. */
const shadow = 'shadow';

/**
 * Which of the candidates, if any, may and should this client get now? Remembers each client's exposures and live offers, one ledger for all
 * scenarios, and this partition's share of every budget. One decision for each due moment, and one more for a moment that was moved out of
 * quiet hours; repeated responses find no live offer and change nothing.
 */
export class Recommendations {
  #experiment: ExperimentPolicy;
  readonly #campaigns = new CampaignTable();
  readonly #pausedMerchants = new Set<string>();
  readonly #groups = new Map<string, string | undefined>();
  readonly #budget: BudgetLedger;
  readonly #own = new OwnExperiments();
  #policy: DecisionPolicy = cautiousPolicy;

  constructor(private readonly stores: RecommendationStores, experiment: ExperimentPolicy = alwaysOnExperiment) {
    this.#experiment = experiment;
    this.#budget = new BudgetLedger({ ...stores, weights: this.#experiment.weights }, stores.budgets);
  }

  get budget(): BudgetLedger {
    return this.#budget;
  }

  /** Told at the start for what is stored, then as they come: what concerns everybody. */
  applyFact(fact: LineEvent): void {
    if (fact.type === 'campaign.published' || fact.type === 'campaign.paused') this.#campaigns.apply(fact);
    if (fact.type === 'merchant.registered') this.#groups.set(fact.data.merchantId, fact.data.groupId);
    if (fact.type === 'merchant.paused') this.#pausedMerchants[fact.data.paused ? 'add' : 'delete'](fact.data.merchantId);
    if (fact.type === 'policy.published') this.#policy = fact.data.policy;
    if (fact.type === 'experiment.published') this.#own.apply(fact.data);
    // Budgets keep the split that they were granted by.
    if (fact.type === 'split.changed' && fact.data.experimentId === this.#experiment.experimentId) this.#experiment = fact.data;
  }

  onEvent(event: LineEvent, emit: Emit): 'pass' | 'drop' {
    if (event.type === 'offer.recorded') this.stores.modes.put(shadow, true);
    if (event.type === 'campaign.published') this.#budget.grant(event.subject, event.data.budgetMinor);
    if (sightings.has(event.type)) this.#assign(event, emit);
    this.#follow(event.subject, foldContact(this.stores.contacts.get(event.subject), event, (merchantId) => this.#groups.get(merchantId)));
    if (event.type !== 'decision.scored') return 'pass';
    this.#decide(event.subject, event.data, event.timeMs, emit);
    return 'drop';
  }

  onTimer(clientId: string, timeMs: number, emit: Emit): void {
    this.#follow(clientId, wakeContact(this.stores.contacts.get(clientId), timeMs));
    const contact = this.stores.contacts.get(clientId);
    if (!contact?.moved || contact.moved.untilMs > timeMs) {
      if (contact) this.stores.timers.set(clientId, contactWakeAtMs(contact));
      return;
    }
    this.stores.contacts.put(clientId, withoutMoved(contact));
    this.#decide(clientId, contact.moved.scored, timeMs, emit);
  }

  #decide(clientId: string, scored: DecisionScored['data'], timeMs: number, emit: Emit): void {
    const { answers } = this.stores;
    const read = { ...scored, candidates: readCandidates(scored.candidates) };
    const steering = this.#own.steering(clientId, assignArm(clientId, this.#experiment));
    const experiment = steering?.experiment ?? this.#experiment;
    const { record, contact, reserved } = decide({
      scored: correctScores(read, { arm: assignArm(clientId, experiment), timeMs, answers }), clientId, timeMs, contact: this.stores.contacts.get(clientId), campaigns: this.#campaigns, pausedMerchants: this.#pausedMerchants, budget: this.#budget,
      experiment, policy: policyUnder(this.#policy, steering ?? {}), featuresVersion,
    });
    const moved = movedMoment(record, scored);
    this.#keep(clientId, moved ? { ...contact, moved } : contact, reserved ? [reserved] : []);
    const cited = withTables(record, { merchantStatistics: this.stores.statisticsVersion(), offerAnswers: answers.version });
    tell(this.stores.modes.get(shadow) ? inShadow(cited) : cited, timeMs, scored.replySubject, emit);
  }

  #keep(clientId: string, contact: ContactState | undefined, movements: readonly BudgetMovement[]): void {
    if (contact) this.stores.contacts.put(clientId, contact);
    else this.stores.contacts.delete(clientId);
    this.stores.timers.set(clientId, contactWakeAtMs(contact));
    for (const movement of movements) this.#budget.move(movement);
  }

  #follow(clientId: string, { state, movements }: ContactStep): void {
    if (state !== this.stores.contacts.get(clientId) || movements.length > 0) this.#keep(clientId, state, movements);
  }

  #assign(event: LineEvent, emit: Emit): void {
    this.#announce(assignOnFirstSight(this.stores.contacts.get(event.subject), event.subject, this.#experiment), event, emit);
    const steering = this.#own.steering(event.subject, assignArm(event.subject, this.#experiment));
    if (steering) this.#announce(assignToOwn(this.stores.contacts.get(event.subject), steering), event, emit);
  }

  #announce({ contact, assigned }: Assignment, event: LineEvent, emit: Emit): void {
    if (!assigned) return;
    this.#keep(event.subject, contact, []);
    emit({ type: 'client.assigned', id: `${assigned.experimentId}:${assigned.epoch}`, source: ownSource, subject: event.subject, timeMs: event.timeMs, data: assigned });
  }
}

/** What was known over all partitions when this was decided. */
function withTables(record: DecisionRecord, tables: { readonly merchantStatistics: number; readonly offerAnswers: number }): DecisionRecord {
  const known = Object.fromEntries(Object.entries(tables).filter(([, version]) => version !== 0));
  return { ...record, versions: { ...record.versions, ...known } };
}

/** Where another system makes the offers, ours are ghosts in every arm: decided, remembered and judged, never delivered. */
function inShadow(record: DecisionRecord): DecisionRecord {
  return record.outcome === 'offer' ? { ...record, outcome: 'ghost' } : record;
}

function tell(record: DecisionRecord, timeMs: number, replySubject: string | undefined, emit: Emit): void {
  const base = { source: ownSource, subject: record.clientId, timeMs };
  emit({ type: 'decision.made', id: record.decisionId, ...base, data: { ...packDecision(record), ...(replySubject !== undefined && { replySubject }) } });
  if (record.outcome === 'offer' && record.offer) emit({ type: 'offer.issued', id: record.offer.offerId, ...base, data: record.offer });
}

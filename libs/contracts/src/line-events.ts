import type { BankEventData, BankEventType, Place } from './bank-events';
import type { DecisionPolicy } from './decision-policy';
import type { Candidates } from './candidate-table';
import type { ArmPolicy, IssuedOffer, Outcome, Scenario, ScoredCandidate } from './decisions';
import type { EventCleaning } from './event-cleaning';
import type { LoggedDecision } from './logged-decision';
import type { MergedTableName, NumberTable } from './merged-tables';
import type { OwnExperiment } from './own-experiments';

/** What every event on the line carries; time is the event's, in milliseconds since 1970 UTC. */
export interface LineEventBase<Type extends string, Data> {
  readonly type: Type;
  readonly id: string;
  readonly source: string;
  /** The client, or for shared facts the merchant, campaign or currency. */
  readonly subject: string;
  readonly timeMs: number;
  readonly data: Data;
  /** What ingest corrected of it; absent where nothing was. */
  readonly cleaning?: EventCleaning;
}

export type BankEvent = { [T in BankEventType]: LineEventBase<T, BankEventData<T>> }[BankEventType];

/** Facts of the system's own that stand in the control log beside the bank's shared ones. */
export type SystemEvent =
  | LineEventBase<'campaign.paused', { campaignId: string; paused: boolean; by: string }>
  | LineEventBase<'merchant.paused', { merchantId: string; paused: boolean; by: string }>
  | LineEventBase<'policy.published', { policy: DecisionPolicy; by: string }>
  | LineEventBase<'experiment.published', OwnExperiment>
  | LineEventBase<'model.activated', { model: string; version: string; by: string }>
  /** While a model is frozen no other version is activated in its place, but by a reaction to an incident. */
  | LineEventBase<'model.frozen', { model: string; frozen: boolean; by: string }>
  /** Another split of the experiment that everybody is in: a new epoch with a salt of its own. */
  | LineEventBase<'split.changed', { experimentId: string; epoch: number; salt: string; weights: Readonly<Record<ArmPolicy, number>>; by: string }>
  | TableMerged;

/**
 * A merged table as of the instant `version`, in event time: the whole rows that have changed since the version before. The subject is the
 * table's name. Versions only grow; all that was gathered in any partition up to the instant is in it, once.
 */
export type TableMerged = LineEventBase<'table.merged', NumberTable & { readonly table: MergedTableName; readonly version: number }>;

/** What one stage has to add to a merged table from one partition, up to the tick at `timeMs`; read by the merger alone. */
export type DeltasGathered = LineEventBase<'deltas.gathered', NumberTable & { readonly table: MergedTableName }>;

/** Event time has reached `timeMs` in this partition. */
export type Tick = LineEventBase<'clock.ticked', Record<string, never>>;

/** A client's app asks for a decision now; the answer goes to `replySubject` after it is logged. */
export type DecisionRequest = LineEventBase<'decision.requested', { context: Record<string, unknown>; replySubject: string }>;

export type SequencedEvent = BankEvent | SystemEvent | Tick | DecisionRequest;

/** What the scorer needs to know of a client beyond the vector: he asks no earlier stage. */
export interface ClientProfile {
  readonly segment: string;
  readonly timeZone: string;
  readonly offersConsent: boolean;
  /** The client's own frequent merchants, most used first. */
  readonly merchants: readonly { readonly merchantId: string; readonly purchases: number; readonly lastMs: number }[];
  /** The client's categories, most used first. */
  readonly categories: readonly { readonly mcc: number; readonly purchases: number; readonly averageCheckMinor: number; readonly lastMs: number }[];
  readonly averageCheckMinor: number;
  /** Last known place (only with geo consent), else home. */
  readonly place?: Place;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Time of the client's first event. */
  readonly firstSeenMs?: number;
  /** Since when he is a client or has his card, where the bank says so. */
  readonly cardSinceMs?: number;
}

/** What a reversal took back of a purchase that is known; a reversal without its original makes none. */
export type PurchaseReversed = LineEventBase<
  'purchase.reversed',
  { transactionId: string; amountMinor: number; isWhole: boolean; currency: string; channel: 'online' | 'offline'; merchantId?: string; mcc?: number }
>;

/** A decision is due for this client, by this scenario, for this reason. */
export type DecisionDue = LineEventBase<
  'decision.due',
  {
    readonly scenario: Scenario;
    /** near-merchant, after-purchase, app-opened, merchant-viewed, own-rhythm, uncovered, newcomer, requested, … */
    readonly trigger: string;
    readonly triggerEventId: string;
    readonly merchantId?: string;
    readonly mcc?: number;
    readonly vector: readonly number[];
    readonly profile: ClientProfile;
    readonly replySubject?: string;
  }
>;

export type DecisionScoredData = DecisionDue['data'] & { readonly modelVersion: string; readonly candidates: readonly ScoredCandidate[] };
/** The same on the line. */
export type LoggedScores = Omit<DecisionScoredData, 'candidates'> & { readonly candidates: Candidates };
export type DecisionScored = LineEventBase<'decision.scored', LoggedScores>;
export type DecisionMade = LineEventBase<'decision.made', LoggedDecision & { readonly replySubject?: string }>;
export type OfferIssued = LineEventBase<'offer.issued', IssuedOffer>;
/** First sight of a client: the arm that he belongs to in this epoch of the experiment. */
export type ClientAssigned = LineEventBase<'client.assigned', { readonly experimentId: string; readonly epoch: number; readonly arm: string }>;
export type OutcomeClosed = LineEventBase<'outcome.closed', Outcome>;
/** Something came later than the closing and changes it: a reversal, an earlier purchase, a response. */
export type OutcomeAmended = LineEventBase<'outcome.amended', Outcome>;

export type LineEvent = SequencedEvent | PurchaseReversed | DecisionDue | DecisionScored | DecisionMade | OfferIssued | ClientAssigned | OutcomeClosed | OutcomeAmended | DeltasGathered;
export type LineEventType = LineEvent['type'];
export type LineEventOf<T extends LineEventType> = Extract<LineEvent, { type: T }>;


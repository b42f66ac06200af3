import type { Objective, OfferTerms } from './bank-events';

/** What made a decision due: the client's own best moment, something that happened, or that nothing else had reached him. */
export type Scenario = 'forecast' | 'event' | 'timer';

/** How a campaign came into question for this client; each kind explains itself. */
export type RetrievalKind = 'nearby' | 'habit' | 'forecast-category' | 'similar-clients' | 'popular' | 'trigger';

/** One campaign on one point of its grid of terms, with what the model says of it. */
export interface ScoredCandidate {
  readonly campaignId: string;
  readonly merchantId: string;
  readonly objective: Objective;
  readonly terms: OfferTerms;
  readonly currency: string;
  readonly marginPercent: number;
  readonly retrievedBy: RetrievalKind;
  /** The pair's features; the conversion model's input is the client's vector followed by these. */
  readonly features: readonly number[];
  /** P(redemption) by the model, 0..1. */
  readonly conversion: number;
  /** What the client would spend at this merchant if he redeems. */
  readonly expectedCheckMinor: number;
  /** Has the client bought here before? */
  readonly knownMerchant: boolean;
}

export type ArmPolicy = 'holdout' | 'random' | 'rules' | 'model';

/** Why a candidate was removed; codes, so that they can be counted. */
export type RemovalReason =
  | 'campaign-paused' | 'campaign-not-running' | 'outside-audience' | 'budget-exhausted' | 'recently-offered' | 'live-offer-exists' | 'declined-recently' | 'value-not-positive' | 'lost-on-value' | 'not-drawn';

export type NoOfferReason =
  | 'no-consent' | 'quiet-hours' | 'daily-cap' | 'weekly-cap' | 'cool-down' | 'no-candidates' | 'no-eligible-candidate' | 'no-positive-value' | 'no-model';

export interface ConsideredCandidate {
  readonly campaignId: string;
  readonly merchantId: string;
  readonly terms: OfferTerms;
  readonly retrievedBy: RetrievalKind;
  readonly conversion: number;
  /** Expected margin after the discount, in minor units. */
  readonly valueMinor: number;
  /** Absent on the chosen one. */
  readonly removedBy?: RemovalReason;
}

/** All that explains one decision; "why did this client get this offer" is answered from it alone. */
export interface DecisionRecord {
  readonly decisionId: string;
  readonly clientId: string;
  readonly scenario: Scenario;
  readonly trigger: string;
  readonly triggerEventId: string;
  readonly experimentId: string;
  readonly epoch: number;
  readonly salt: string;
  readonly arm: ArmPolicy;
  /** `ghost`: the offer that a client of the holdout would have got; nothing is delivered. */
  readonly outcome: 'offer' | 'ghost' | 'none';
  readonly reason: NoOfferReason | 'chosen';
  readonly offer?: IssuedOffer;
  /** Probability with which this arm's policy chooses this candidate here, 0..1. */
  readonly propensity: number;
  /** Drawn by exploration rather than by value. */
  readonly exploration: boolean;
  readonly considered: readonly ConsideredCandidate[];
  /** Input of the model for the chosen candidate; the client's vector alone where none was chosen. */
  readonly features: readonly number[];
  /** `merchantStatistics` is the version of that merged table where the decision was made; absent before there is one. */
  readonly versions: { readonly model: string; readonly features: string; readonly policy: string; readonly merchantStatistics?: number };
}

/** `data` of the public `offer.issued`. */
export interface IssuedOffer {
  readonly offerId: string;
  readonly decisionId: string;
  readonly clientId: string;
  readonly merchantId: string;
  readonly campaignId: string;
  readonly terms: OfferTerms;
  readonly currency: string;
  readonly scenario: Scenario;
  /** ISO 8601. */
  readonly validUntil: string;
  readonly arm: ArmPolicy;
}

/** What one issued (or ghost) offer came to. */
export interface Outcome {
  readonly offer: IssuedOffer;
  readonly ghost: boolean;
  readonly issuedAtMs: number;
  readonly viewed: boolean;
  readonly accepted: boolean;
  readonly declined: boolean;
  readonly redeemed: boolean;
  readonly refused: boolean;
  readonly spendMinor: number;
  readonly discountMinor: number;
  readonly transactionId?: string;
  readonly labelSource: 'response' | 'transaction' | 'expiry';
  readonly propensity: number;
  readonly features: readonly number[];
}

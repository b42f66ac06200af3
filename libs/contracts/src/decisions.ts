import type { BankEventData, Objective, OfferTerms } from './bank-events';
import type { ContactState } from './contact-state';
import type { DecisionPolicy } from './decision-policy';
import type { DecisionScoredData } from './line-events';

/** What made a decision due: the client's own best moment, something that happened, or that nothing else had reached him. */
export type Scenario = 'forecast' | 'event' | 'timer';

/** How a campaign came into question for this client; each kind explains itself. */
export type RetrievalKind = 'nearby' | 'habit' | 'forecast-category' | 'set-difference' | 'similar-clients' | 'popular' | 'trigger';

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
  /** The online layer's factor that is in `conversion`; absent where none was applied. */
  readonly correction?: number;
  /** What the client would spend at this merchant if he redeems. */
  readonly expectedCheckMinor: number;
  /** What he spends there in the mean, offer or not. */
  readonly usualCheckMinor?: number;
  /** Has the client bought here before? */
  readonly knownMerchant: boolean;
  readonly online?: boolean;
  /** From the client's last known place; absent where one of both has none. */
  readonly distanceKm?: number;
}

export type ArmPolicy = 'holdout' | 'random' | 'rules' | 'model';

/** Why a candidate was removed; codes, so that they can be counted. */
export type RemovalReason =
  | 'campaign-paused' | 'merchant-paused' | 'campaign-not-running' | 'outside-audience' | 'already-customer' | 'wrong-channel' | 'too-far' | 'budget-exhausted' | 'ahead-of-pace' | 'recently-offered'
  | 'campaign-cap' | 'live-offer-exists' | 'declined-recently' | 'value-not-positive' | 'lost-on-value' | 'not-drawn';

export type NoOfferReason =
  | 'no-consent' | 'card-too-young' | 'quiet-hours' | 'daily-cap' | 'weekly-cap' | 'cool-down' | 'no-candidates' | 'no-eligible-candidate' | 'no-positive-value' | 'no-model';

/** What a rule found, and what it wanted: `value` was held against `threshold`. */
export interface Finding {
  readonly value: string | number | boolean;
  readonly threshold: string | number | boolean;
}

/** A scored candidate as it was judged; `terms` are those on which it would be issued. */
export interface ConsideredCandidate extends Omit<ScoredCandidate, 'features'> {
  /** The pair's part of the model's input; the client's part is the record's `vector`. */
  readonly features?: readonly number[];
  /** P(purchase at this merchant in the offer's time, offer or not), from the client's own rhythm there. */
  readonly baseline: number;
  /** What a minor unit of discount costs on top of itself, the campaign's budget being scarce. */
  readonly shadowPrice: number;
  /** Expected incremental margin after the discount and its shadow price, in minor units. */
  readonly valueMinor: number;
  /** Probability with which the arm's policy chooses it here; all of a decision's choices, "no offer" among them, sum to 1. */
  readonly propensity: number;
  /** Absent on the chosen one. */
  readonly removedBy?: RemovalReason;
  readonly finding?: Finding;
}

/** A campaign as the decision saw it: what was published of it, its pauses, and what the client's arm has left of its budget here. */
export type CampaignAtDecision = Pick<BankEventData<'campaign.published'>, 'campaignId' | 'merchantId' | 'objective' | 'startsAt' | 'endsAt' | 'audience'> & {
  readonly paused?: boolean;
  readonly merchantPaused?: boolean;
  readonly grantedMinor: number;
  readonly reservedMinor: number;
  readonly spentMinor: number;
};

/** All that the decision was made of, besides the considered candidates: from both it can be made again, and made otherwise. */
export interface DecisionInputs extends Omit<DecisionScoredData, 'candidates' | 'replySubject' | 'vector'> {
  readonly timeMs: number;
  readonly contact: ContactState;
  readonly campaigns: readonly CampaignAtDecision[];
  readonly policy: DecisionPolicy;
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
  /** The policy that decided; in the always-on experiment it is the arm as well. */
  readonly arm: ArmPolicy;
  /** The client's arm, where an experiment of the bank's own steered this decision: that experiment's name for it. */
  readonly experimentArm?: string;
  /** `ghost`: the offer that a client of the holdout would have got; nothing is delivered. */
  readonly outcome: 'offer' | 'ghost' | 'none';
  readonly reason: NoOfferReason | 'chosen';
  readonly offer?: IssuedOffer;
  /** Probability with which this arm's policy chooses this candidate here, 0..1. */
  readonly propensity: number;
  /** Drawn by exploration rather than by value. */
  readonly exploration: boolean;
  readonly considered: readonly ConsideredCandidate[];
  /** Where no offer was made whatever the candidates: what stood against it. */
  readonly barrier?: Finding;
  /** Expected value of the chosen offer; of no offer 0. */
  readonly valueMinor: number;
  /** When the due moment will be decided again, where it fell into quiet hours. */
  readonly movedToMs?: number;
  /** Input of the model for the chosen candidate; the client's vector alone where none was chosen. */
  readonly features: readonly number[];
  /** `merchantStatistics` and `offerAnswers` are the versions of those merged tables where the decision was made; absent before there is one. */
  readonly versions: { readonly model: string; readonly features: string; readonly policy: string; readonly merchantStatistics?: number; readonly offerAnswers?: number };
  readonly inputs?: DecisionInputs;
}

/** What `POST /v1/decisions` answers: the record without what only its explanation needs. JSON knows no NaN: a feature that is not known of the client is null. */
export type DecisionAnswer = Omit<DecisionRecord, 'features' | 'considered' | 'inputs'> & {
  readonly features: readonly (number | null)[];
  readonly considered: readonly Pick<ConsideredCandidate, 'campaignId' | 'merchantId' | 'terms' | 'retrievedBy' | 'conversion' | 'valueMinor' | 'propensity' | 'removedBy' | 'finding'>[];
};

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

/**
 * What one issued (or ghost) offer came to. The first word on it is `outcome.closed` with revision 0; what is heard later and changes it is an
 * `outcome.amended` with the same offer id and a higher revision, which says everything anew.
 */
export interface Outcome {
  readonly offer: IssuedOffer;
  readonly revision: number;
  readonly ghost: boolean;
  readonly issuedAtMs: number;
  readonly viewed: boolean;
  readonly accepted: boolean;
  readonly declined: boolean;
  /** A purchase that was taken back whole, or to below the minimum check, redeems nothing. */
  readonly redeemed: boolean;
  readonly refused: boolean;
  /** What is left of the redeeming purchase after reversals. */
  readonly spendMinor: number;
  /** What the discount costs on that; of a ghost what it would have cost. */
  readonly discountMinor: number;
  /** What reversals took back of the redeeming purchase. */
  readonly reversedMinor: number;
  readonly transactionId?: string;
  readonly labelSource: 'response' | 'transaction' | 'expiry' | 'reversal';
  /** Purchases at this merchant or its group in the offer's time, of whatever amount, less reversals: what is compared with the ghosts'. */
  readonly purchases: number;
  readonly windowSpendMinor: number;
  /** Absent where the campaign was not known. */
  readonly rewards?: Rewards;
  readonly propensity: number;
  readonly features: readonly number[];
}

/**
 * What came of an offer's time in money, for each objective that a campaign may have: margin in minor units, after the discount that was
 * really given (a ghost gave none). What would have come anyhow is not subtracted: that is estimated by group, from the ghosts.
 */
export interface Rewards {
  readonly objective: Objective;
  /** The one of the campaign's objective. */
  readonly rewardMinor: number;
  /** `spend`: margin of all purchases in the offer's time. */
  readonly marginMinor: number;
  /** `frequency`: each purchase counts as the client's usual check. */
  readonly frequencyMinor: number;
  /** `average-check`: only what purchases are above the client's usual check. */
  readonly averageCheckMinor: number;
  /** `new-merchant`: as spend, where the client had not bought before; elsewhere only the discount. */
  readonly newMerchantMinor: number;
}

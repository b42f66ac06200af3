import type { OfferTerms } from './bank-events';
import type { DecisionRecord } from './decisions';

/** What one feature moved a score by, in log-odds; `value` null: not known of the client. */
export interface Contribution {
  readonly feature: string;
  readonly value: number | null;
  readonly logOdds: number;
}

/** A candidate's score, taken apart: bias, contributions and rest add up to the margin, whose logistic is the conversion. */
export interface ExplainedScore {
  readonly campaignId: string;
  readonly merchantId: string;
  readonly terms: OfferTerms;
  readonly chosen: boolean;
  readonly conversion: number;
  readonly marginLogOdds: number;
  readonly biasLogOdds: number;
  /** The largest ones, of either sign. */
  readonly contributions: readonly Contribution[];
  /** All the others together. */
  readonly restLogOdds: number;
}

/** What would have been decided without one rule. */
export interface Counterfactual {
  readonly without: string;
  readonly outcome: DecisionRecord['outcome'];
  readonly reason: DecisionRecord['reason'];
  readonly campaignId?: string;
  readonly merchantId?: string;
  readonly terms?: OfferTerms;
  readonly valueMinor: number;
  readonly words: string;
}

/** A decision in words, made from its record and the model that it cites. */
export interface DecisionExplanation {
  readonly words: readonly string[];
  /** For each candidate that was not chosen: what removed it, the value and the threshold. */
  readonly losers: readonly string[];
  readonly scores: readonly ExplainedScore[];
  /** Why there are no scores, where there are none. */
  readonly scoresMissing?: string;
  readonly counterfactuals: readonly Counterfactual[];
}

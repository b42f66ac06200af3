import type { LoggedScores } from './line-events';
import type { IssuedOffer } from './decisions';

/** An offer, issued or ghost, that a purchase may still redeem. */
export interface Claim {
  readonly offer: IssuedOffer;
  readonly issuedAtMs: number;
  /** The bank or the merchant has reported the redemption; the purchase itself has not been seen. */
  readonly reported?: { readonly transactionId?: string };
}

export interface Exposure {
  readonly campaignId: string;
  readonly timeMs: number;
  readonly ghost: boolean;
}

export interface Decline {
  readonly merchantId: string;
  readonly timeMs: number;
}

/** A due moment that fell into the client's quiet hours: decided at their end instead. */
export interface MovedMoment {
  readonly scored: LoggedScores;
  readonly untilMs: number;
}

/** A redeemed offer whose purchase may still be taken back. */
export interface Settled {
  readonly transactionId: string;
  readonly campaignId: string;
  readonly arm: IssuedOffer['arm'];
  readonly amountMinor: number;
  /** Of the campaign's budget, for this purchase. */
  readonly spentMinor: number;
  readonly timeMs: number;
}

/** What the recommender remembers of a client: a plain value. The holdout's exposures and live offers are ghosts. */
export interface ContactState {
  readonly exposures: readonly Exposure[];
  readonly declines: readonly Decline[];
  /** Each holds a reservation of its campaign's budget until it is redeemed, declined or over. */
  readonly live: readonly Claim[];
  readonly settled?: readonly Settled[];
  readonly moved?: MovedMoment;
  /** `experimentId:epoch` in which the client's arm has been announced. */
  readonly assignedIn?: string;
  /** The same of the experiment of the bank's own that he is in, or was in last. */
  readonly ownAssignedIn?: string;
}

import { readConsidered, type BankEventData, type Claim, type DecisionMade, type LineEventOf } from '@sp/contracts';
import { predictionOf, type Prediction } from '../bandit-deltas';
import { graceMs } from '../redemption';
import { rewardBasisOf, type RewardBasis } from './rewards';
import type { SeenPurchase } from './seen-purchase';

/** An offer, real or ghost, whose outcome is not yet known or may still change. */
export interface OpenOffer extends Claim {
  readonly ghost: boolean;
  /** The client's count of decisions and purchases when it was made: what was known before it cannot answer it. */
  readonly place: number;
  readonly viewed: boolean;
  readonly accepted: boolean;
  readonly declined: boolean;
  readonly declinedAtMs?: number;
  readonly refused: boolean;
  readonly confirmed?: boolean;
  /** When the merchant first said anything of it, in the order of arrival. */
  readonly answeredAtMs?: number;
  readonly reported?: Report;
  /** The purchase that redeems it, as far as is known. */
  readonly purchase?: SeenPurchase;
  /** All purchases at the merchant or its group in the offer's time. */
  readonly window: readonly SeenPurchase[];
  readonly propensity: number;
  readonly features: readonly number[];
  readonly basis?: RewardBasis;
  readonly prediction?: Prediction;
  /** What was last said of it, undefined before it is closed. */
  readonly told?: { readonly revision: number; readonly redeemed: boolean; readonly words: string };
  /** Time and grace are over: no purchase or response is taken any more, only reversals. */
  readonly over?: boolean;
}

/** A redemption that the bank or the merchant reported; the earliest report, and the earliest that names its purchase. */
export interface Report {
  readonly atMs: number;
  readonly transactionId?: string;
  readonly namedAtMs?: number;
}

export function openOffer({ data, timeMs }: DecisionMade, place: number): OpenOffer | undefined {
  const { offer, outcome, propensity, features } = data;
  if (!offer) return undefined;
  const chosen = readConsidered(data.considered ?? []).find(({ removedBy }) => removedBy === undefined);
  const basis = rewardBasisOf(chosen);
  const prediction = predictionOf(chosen, data);
  return {
    offer, issuedAtMs: timeMs, ghost: outcome === 'ghost', place, viewed: false, accepted: false, declined: false, refused: false, window: [], propensity, features,
    ...(basis && { basis }), ...(prediction && { prediction }),
  };
}

/** Until when purchases and responses are taken. */
export function openUntilMs({ offer }: Pick<OpenOffer, 'offer'>): number {
  return Date.parse(offer.validUntil) + graceMs;
}

/** When its outcome is told if no purchase tells it: a reported redemption waits a day for its purchase, which knows the money. */
export function closesAtMs(open: OpenOffer): number {
  return Math.min(openUntilMs(open), open.reported ? open.reported.atMs + graceMs : Infinity);
}

/** The same in whatever order responses come, and however often. */
export function respondTo(open: OpenOffer, { data, timeMs }: LineEventOf<'offer.responded'>): OpenOffer {
  if (open.over || open.offer.offerId !== data.offerId) return open;
  switch (data.response) {
    case 'viewed': return open.viewed ? open : { ...open, viewed: true };
    case 'accepted': return open.accepted ? open : { ...open, accepted: true };
    case 'declined': return { ...open, declined: true, declinedAtMs: Math.min(timeMs, open.declinedAtMs ?? Infinity) };
    case 'refused-by-merchant': return open.refused ? open : { ...open, refused: true, answeredAtMs: open.answeredAtMs ?? timeMs };
    case 'redeemed': return { ...open, reported: earlier(open.reported, data, timeMs) };
    case 'confirmed-by-merchant': return { ...open, confirmed: true, answeredAtMs: open.answeredAtMs ?? timeMs, reported: earlier(open.reported, data, timeMs) };
  }
}

function earlier(known: Report | undefined, { transactionId }: BankEventData<'offer.responded'>, timeMs: number): Report {
  const atMs = Math.min(timeMs, known?.atMs ?? Infinity);
  const { transactionId: knownId, namedAtMs = Infinity } = known ?? {};
  const isFirstName = transactionId !== undefined && (timeMs < namedAtMs || (timeMs === namedAtMs && transactionId < (knownId ?? '')));
  if (isFirstName) return { atMs, transactionId, namedAtMs: timeMs };
  return { atMs, ...(knownId !== undefined && { transactionId: knownId, namedAtMs }) };
}

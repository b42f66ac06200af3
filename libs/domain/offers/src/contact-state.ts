import type { ArmPolicy, LineEvent, LineEventOf } from '@sp/contracts';
import type { BudgetMovement } from './budget-ledger';
import { discountMinor, reservationMinor } from './discount';
import { claimRedeemedBy, graceMs, type Claim } from './redemption';

export interface Exposure {
  readonly campaignId: string;
  readonly timeMs: number;
  readonly ghost: boolean;
}

export interface Decline {
  readonly merchantId: string;
  readonly timeMs: number;
}

/** What the recommender remembers of a client: a plain value. The holdout's exposures and live offers are ghosts. */
export interface ContactState {
  readonly exposures: readonly Exposure[];
  readonly declines: readonly Decline[];
  /** Each holds a reservation of its campaign's budget until it is redeemed, declined or over. */
  readonly live: readonly Claim[];
  /** `experimentId:epoch` in which the client's arm has been announced. */
  readonly assignedIn?: string;
}

export interface ContactStep {
  /** Undefined after an erasure. */
  readonly state: ContactState | undefined;
  readonly movements: readonly BudgetMovement[];
}

export const noContact: ContactState = { exposures: [], declines: [], live: [] };
/** More than the caps let anybody collect in the windows that are asked about. */
const rememberedDeclines = 32;

/** Folds what the client did with his offers. A duplicate finds no live offer any more and changes nothing. */
export function foldContact(state: ContactState | undefined, event: LineEvent): ContactStep {
  if (!state) return { state, movements: [] };
  if (event.type === 'transaction.authorised') return redeem(state, event);
  if (event.type === 'offer.responded') return respond(state, event);
  if (event.type === 'client.erasure.requested') return { state: undefined, movements: state.live.map((claim) => settlement(claim, 0)) };
  return { state, movements: [] };
}

/** Ends the offers whose time and grace are over. One that was reported as redeemed, but never seen, is taken to have cost all it could. */
export function wakeContact(state: ContactState | undefined, timeMs: number): ContactStep {
  if (!state) return { state, movements: [] };
  const over = state.live.filter((claim) => endsAtMs(claim) <= timeMs);
  const movements = over.map((claim) => settlement(claim, claim.reported ? reservationMinor(claim.offer.terms) : 0));
  return { state: { ...state, live: state.live.filter((claim) => !over.includes(claim)) }, movements };
}

/** When `wakeContact` has something to do; undefined where nothing is live. */
export function contactWakeAtMs(state: ContactState | undefined): number | undefined {
  return state && state.live.length > 0 ? Math.min(...state.live.map(endsAtMs)) : undefined;
}

/** A client's ledger in his present arm: ghosts of an earlier epoch's holdout are no real contacts, nor the other way round. */
export function contactInArm(state: ContactState, arm: ArmPolicy): ContactState {
  const ghost = arm === 'holdout';
  const isOfArm = (claim: Claim): boolean => (claim.offer.arm === 'holdout') === ghost;
  return { ...state, exposures: state.exposures.filter((exposure) => exposure.ghost === ghost), live: state.live.filter(isOfArm) };
}

function redeem(state: ContactState, event: LineEventOf<'transaction.authorised'>): ContactStep {
  const claim = claimRedeemedBy(state.live, event);
  if (!claim) return { state, movements: [] };
  const spentMinor = discountMinor(claim.offer.terms, event.data.amountMinor);
  return { state: withoutClaim(state, claim), movements: [settlement(claim, spentMinor)] };
}

function respond(state: ContactState, { data, timeMs }: LineEventOf<'offer.responded'>): ContactStep {
  const claim = state.live.find(({ offer }) => offer.offerId === data.offerId);
  if (!claim) return { state, movements: [] };
  if (data.response === 'declined') {
    const declines = [...state.declines, { merchantId: claim.offer.merchantId, timeMs }].slice(-rememberedDeclines);
    return { state: { ...withoutClaim(state, claim), declines }, movements: [settlement(claim, 0)] };
  }
  if (data.response !== 'redeemed' && data.response !== 'confirmed-by-merchant') return { state, movements: [] };
  const transactionId = data.transactionId ?? claim.reported?.transactionId;
  const reported: Claim = { ...claim, reported: transactionId === undefined ? {} : { transactionId } };
  return { state: { ...state, live: state.live.map((other) => (other === claim ? reported : other)) }, movements: [] };
}

function withoutClaim(state: ContactState, claim: Claim): ContactState {
  return { ...state, live: state.live.filter((other) => other !== claim) };
}

function settlement({ offer }: Claim, spentMinor: number): BudgetMovement {
  return { campaignId: offer.campaignId, arm: offer.arm, reservedMinor: -reservationMinor(offer.terms), spentMinor };
}

function endsAtMs({ offer }: Claim): number {
  return Date.parse(offer.validUntil) + graceMs;
}

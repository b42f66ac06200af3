import type { ArmPolicy, Claim, ContactState, LineEvent, LineEventOf, Settled } from '@sp/contracts';
import type { BudgetMovement } from './budget-ledger';
import { dayMs } from './day-ms';
import { discountMinor, reservationMinor } from './discount';
import { claimRedeemedBy, graceMs, noGroups, type GroupOf } from './redemption';

export interface ContactStep {
  /** Undefined after an erasure. */
  readonly state: ContactState | undefined;
  readonly movements: readonly BudgetMovement[];
}

export const noContact: ContactState = { exposures: [], declines: [], live: [] };
/** More than the caps let anybody collect in the windows that are asked about. */
const rememberedDeclines = 32;
/** How long a purchase may be taken back and its discount return to the budget; issuers' usual time for disputes. */
const reversibleDays = 120;
const rememberedSettled = 16;

/** Folds what the client did with his offers. A duplicate finds no live offer any more and changes nothing. */
export function foldContact(state: ContactState | undefined, event: LineEvent, groupOf = noGroups): ContactStep {
  if (!state) return { state, movements: [] };
  if (event.type === 'transaction.authorised') return redeem(state, event, groupOf);
  if (event.type === 'offer.responded') return respond(state, event);
  if (event.type === 'purchase.reversed') return takeBack(state, event);
  if (event.type === 'client.consent.changed') return { state: event.data.consents.offers ? state : withoutMoved(state), movements: [] };
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

/** When there is something to do: an offer is over, or a moved moment has come; undefined where neither will. */
export function contactWakeAtMs(state: ContactState | undefined): number | undefined {
  const earliestMs = Math.min(...(state?.live ?? []).map(endsAtMs), state?.moved?.untilMs ?? Infinity);
  return earliestMs < Infinity ? earliestMs : undefined;
}

export function withoutMoved({ moved: _, ...state }: ContactState): ContactState {
  return state;
}

/** A client's ledger in his present arm: ghosts of an earlier epoch's holdout are no real contacts, nor the other way round. */
export function contactInArm(state: ContactState, arm: ArmPolicy): ContactState {
  const ghost = arm === 'holdout';
  const isOfArm = (claim: Claim): boolean => (claim.offer.arm === 'holdout') === ghost;
  return { ...state, exposures: state.exposures.filter((exposure) => exposure.ghost === ghost), live: state.live.filter(isOfArm) };
}

function redeem(state: ContactState, event: LineEventOf<'transaction.authorised'>, groupOf: GroupOf): ContactStep {
  const claim = claimRedeemedBy(state.live, event, groupOf);
  if (!claim) return { state, movements: [] };
  const spentMinor = discountMinor(claim.offer.terms, event.data.amountMinor);
  const settled = remember(state.settled, { transactionId: event.data.transactionId, ...placeOf(claim), amountMinor: event.data.amountMinor, spentMinor, timeMs: event.timeMs });
  return { state: { ...withoutClaim(state, claim), ...(spentMinor > 0 && { settled }) }, movements: [settlement(claim, spentMinor)] };
}

function remember(settled: readonly Settled[] = [], latest: Settled): Settled[] {
  return [...settled.filter(({ timeMs }) => timeMs > latest.timeMs - reversibleDays * dayMs), latest].slice(-rememberedSettled);
}

/** A redeeming purchase is taken back: its discount returns to the budget, of a part in proportion, rounded down. */
function takeBack(state: ContactState, { data }: LineEventOf<'purchase.reversed'>): ContactStep {
  const settled = state.settled?.find(({ transactionId }) => transactionId === data.transactionId);
  if (!settled) return { state, movements: [] };
  const returnedMinor = data.isWhole || data.amountMinor >= settled.amountMinor ? settled.spentMinor : Math.floor((settled.spentMinor * data.amountMinor) / settled.amountMinor);
  const left = { ...settled, spentMinor: settled.spentMinor - returnedMinor, amountMinor: settled.amountMinor - data.amountMinor };
  const others = state.settled!.filter((other) => other !== settled);
  const { campaignId, arm } = settled;
  return { state: { ...state, settled: left.spentMinor > 0 && left.amountMinor > 0 ? [...others, left] : others }, movements: [{ campaignId, arm, reservedMinor: 0, spentMinor: -returnedMinor }] };
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

function settlement(claim: Claim, spentMinor: number): BudgetMovement {
  return { ...placeOf(claim), reservedMinor: -reservationMinor(claim.offer.terms), spentMinor };
}

function placeOf({ offer: { campaignId, arm } }: Claim): Pick<BudgetMovement, 'campaignId' | 'arm'> {
  return { campaignId, arm };
}

function endsAtMs({ offer }: Claim): number {
  return Date.parse(offer.validUntil) + graceMs;
}

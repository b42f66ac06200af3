import type { LineEventOf } from '@sp/contracts';
import { claimRedeemedBy, graceMs, isInWindow, type GroupOf } from '../redemption';
import type { OpenOffer } from './open-offer';

/** A purchase remembered while an offer that it may concern is open. */
export interface SeenPurchase {
  readonly transactionId: string;
  readonly timeMs: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly merchantId?: string;
  /** See `OpenOffer.place`. */
  readonly place: number;
}

/** What a reversal took back, by the reversal's own id, so that a repeated one counts once. */
export interface SeenReversal {
  readonly id: string;
  readonly transactionId: string;
  readonly amountMinor: number;
}

export type LeftOf = (purchase: SeenPurchase) => number;

export function seenPurchase({ data, timeMs }: LineEventOf<'transaction.authorised'>, place: number): SeenPurchase {
  const { transactionId, amountMinor, currency, merchantId } = data;
  return { transactionId, timeMs, amountMinor, currency, place, ...(merchantId !== undefined && { merchantId }) };
}

export function leftAfter(reversals: readonly SeenReversal[]): LeftOf {
  return ({ transactionId, amountMinor }) => Math.max(0, reversals.reduce((left, reversal) => (reversal.transactionId === transactionId ? left - reversal.amountMinor : left), amountMinor));
}

/**
 * Which purchase redeems which of the open offers, and which were made in whose time: in the order of the purchases' own time, so that
 * the order of arrival makes no difference. Reversals make none either: a purchase that used an offer up stays the one.
 */
export function matchPurchases(open: readonly OpenOffer[], purchases: readonly SeenPurchase[], groupOf: GroupOf): OpenOffer[] {
  const ordered = [...purchases].sort((a, b) => a.timeMs - b.timeMs || (a.transactionId < b.transactionId ? -1 : 1));
  const used = new Set(open.flatMap(({ over, purchase }) => (over && purchase ? [purchase.transactionId] : [])));
  const redeemedBy = new Map<OpenOffer, SeenPurchase>();
  for (const purchase of ordered) {
    if (used.has(purchase.transactionId)) continue;
    const claims = open.filter((offer) => !redeemedBy.has(offer) && mayRedeem(offer, purchase));
    const claim = claimRedeemedBy(claims, { timeMs: purchase.timeMs, data: { ...purchase, kind: 'purchase', channel: 'offline' } }, groupOf);
    if (claim) redeemedBy.set(claim, purchase);
  }
  return open.map((offer) => withPurchases(offer, redeemedBy.get(offer), ordered.filter((purchase) => isOfWindow(offer, purchase, groupOf))));
}

/** After a decline a purchase is the client's own, and so is one long after a redemption was reported without its purchase. */
function mayRedeem({ over, place, declinedAtMs = Infinity, reported }: OpenOffer, purchase: SeenPurchase): boolean {
  if (over || purchase.place < place) return false;
  return reported ? purchase.timeMs <= reported.atMs + graceMs || reported.transactionId === purchase.transactionId : purchase.timeMs < declinedAtMs;
}

function isOfWindow(offer: OpenOffer, purchase: SeenPurchase, groupOf: GroupOf): boolean {
  return purchase.place > offer.place && purchase.currency === offer.offer.currency && isInWindow(offer, purchase, groupOf);
}

/** The same value where nothing has changed. */
function withPurchases(offer: OpenOffer, purchase: SeenPurchase | undefined, window: readonly SeenPurchase[]): OpenOffer {
  const isSame = offer.over || (offer.purchase?.transactionId === purchase?.transactionId && sameIds(offer.window, window));
  if (isSame) return offer;
  const { purchase: _, ...rest } = offer;
  return { ...rest, window, ...(purchase && { purchase }) };
}

function sameIds(one: readonly SeenPurchase[], other: readonly SeenPurchase[]): boolean {
  return one.length === other.length && one.every(({ transactionId }, place) => transactionId === other[place]!.transactionId);
}

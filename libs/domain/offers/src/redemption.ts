import type { Claim, LineEventOf } from '@sp/contracts';
import { discountMinor } from './discount';
import { dayMs } from './day-ms';

/** Purchases and responses may arrive this long after the offer's end and still count, if they happened before it. */
export const graceMs = dayMs;

/** What is read of a purchase here. */
export type PurchaseFacts = Pick<LineEventOf<'transaction.authorised'>['data'], 'transactionId' | 'merchantId' | 'amountMinor' | 'currency'> & { readonly kind?: string; readonly timeMs: number };

/** The chain that a merchant belongs to; undefined where it stands alone or is not known. */
export type GroupOf = (merchantId: string) => string | undefined;

export const noGroups: GroupOf = () => undefined;

/**
 * Which of a client's offers does this purchase redeem? The one that was reported with it; else one of this merchant or its group, within
 * its time and at or above its minimum check: the one worth most, for one purchase redeems one offer. Of equals the older one.
 */
export function claimRedeemedBy<C extends Claim>(claims: readonly C[], transaction: Pick<LineEventOf<'transaction.authorised'>, 'timeMs' | 'data'>, groupOf: GroupOf = noGroups): C | undefined {
  const purchase = { ...transaction.data, timeMs: transaction.timeMs };
  const payable = claims.filter(({ offer }) => offer.currency === purchase.currency);
  const reported = payable.find((claim) => claim.reported?.transactionId === purchase.transactionId);
  if (reported) return reported;
  const redeemable = payable.filter((claim) => claim.reported?.transactionId === undefined && purchase.amountMinor >= claim.offer.terms.minimumCheckMinor && isInWindow(claim, purchase, groupOf));
  return redeemable.reduce<C | undefined>((best, claim) => (best && !isWorthMore(claim, best, purchase.amountMinor) ? best : claim), undefined);
}

/** A purchase at the offer's merchant, or one of its group, in the offer's time. */
export function isInWindow({ offer, issuedAtMs }: Pick<Claim, 'offer' | 'issuedAtMs'>, { timeMs, merchantId, kind = 'purchase' }: PurchaseFacts, groupOf: GroupOf): boolean {
  const inTime = issuedAtMs <= timeMs && timeMs <= Date.parse(offer.validUntil);
  return kind === 'purchase' && inTime && merchantId !== undefined && isSameSeller(offer.merchantId, merchantId, groupOf);
}

function isSameSeller(one: string, other: string, groupOf: GroupOf): boolean {
  if (one === other) return true;
  const group = groupOf(one);
  return group !== undefined && group === groupOf(other);
}

function isWorthMore(claim: Claim, than: Claim, amountMinor: number): boolean {
  const [worth, other] = [discountMinor(claim.offer.terms, amountMinor), discountMinor(than.offer.terms, amountMinor)];
  if (worth !== other) return worth > other;
  if (claim.issuedAtMs !== than.issuedAtMs) return claim.issuedAtMs < than.issuedAtMs;
  return claim.offer.offerId < than.offer.offerId;
}

import type { Claim, LineEventOf } from '@sp/contracts';
import { discountMinor } from './discount';
import { dayMs } from './day-ms';

/** Purchases and responses may arrive this long after the offer's end and still count, if they happened before it. */
export const graceMs = dayMs;

/**
 * Which of a client's offers does this purchase redeem? The one that was reported with it; else one of this merchant, within
 * its time and at or above its minimum check: the one worth most, for one purchase redeems one offer.
 */
export function claimRedeemedBy<C extends Claim>(claims: readonly C[], transaction: LineEventOf<'transaction.authorised'>): C | undefined {
  const payable = claims.filter(({ offer }) => offer.currency === transaction.data.currency);
  const reported = payable.find((claim) => claim.reported?.transactionId === transaction.data.transactionId);
  if (reported) return reported;
  const worth = (claim: C): number => discountMinor(claim.offer.terms, transaction.data.amountMinor);
  return payable.filter((claim) => isRedeemable(claim, transaction)).reduce<C | undefined>((best, claim) => (best && worth(best) >= worth(claim) ? best : claim), undefined);
}

function isRedeemable({ offer, issuedAtMs, reported }: Claim, { timeMs, data }: LineEventOf<'transaction.authorised'>): boolean {
  const inTime = issuedAtMs <= timeMs && timeMs <= Date.parse(offer.validUntil);
  const here = data.kind === 'purchase' && data.merchantId === offer.merchantId;
  return here && inTime && data.amountMinor >= offer.terms.minimumCheckMinor && reported?.transactionId === undefined;
}

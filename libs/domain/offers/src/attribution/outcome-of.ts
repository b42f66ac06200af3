import type { Outcome } from '@sp/contracts';
import { discountMinor } from '../discount';
import type { OpenOffer } from './open-offer';
import { rewardsOf } from './rewards';
import type { LeftOf } from './seen-purchase';

/** The outcome of an offer by all that is known of it now; a function of what happened, not of the order in which it was heard. */
export function outcomeOf(open: OpenOffer, leftOf: LeftOf): Outcome {
  const { offer, ghost, issuedAtMs, viewed, accepted, declined, refused, propensity, features, basis } = open;
  const money = moneyOf(open, leftOf);
  const left = open.window.map(leftOf).filter((leftMinor) => leftMinor > 0);
  const windowSpendMinor = left.reduce((sum, leftMinor) => sum + leftMinor, 0);
  const rewards = basis && rewardsOf(basis, left, ghost ? 0 : money.discountMinor);
  return {
    offer, revision: open.told ? open.told.revision + 1 : 0, ghost, issuedAtMs, viewed, accepted, declined, refused, propensity, features,
    ...money, purchases: left.length, windowSpendMinor, ...(rewards && { rewards }),
  };
}

/** All of an outcome that may change, to be compared with what was said before. */
export function wordsOf({ offer: _offer, revision: _revision, propensity: _propensity, features: _features, issuedAtMs: _issuedAtMs, ...words }: Outcome): string {
  return JSON.stringify(words);
}

type Money = Pick<Outcome, 'redeemed' | 'labelSource' | 'spendMinor' | 'discountMinor' | 'reversedMinor' | 'transactionId'>;

function moneyOf({ offer, purchase, reported, declined, refused }: OpenOffer, leftOf: LeftOf): Money {
  if (!purchase) {
    const named = reported?.transactionId === undefined ? {} : { transactionId: reported.transactionId };
    return { redeemed: reported !== undefined, labelSource: reported || declined || refused ? 'response' : 'expiry', spendMinor: 0, discountMinor: 0, reversedMinor: 0, ...named };
  }
  const { amountMinor, transactionId } = purchase;
  const leftMinor = leftOf(purchase);
  // One that was reported below the minimum check was honoured all the same.
  const redeemed = leftMinor >= Math.min(amountMinor, Math.max(1, offer.terms.minimumCheckMinor));
  const paid = { spendMinor: redeemed ? leftMinor : 0, discountMinor: redeemed ? discountMinor(offer.terms, leftMinor) : 0 };
  return { redeemed, labelSource: redeemed ? 'transaction' : 'reversal', ...paid, reversedMinor: amountMinor - leftMinor, transactionId };
}

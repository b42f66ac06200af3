import type { LineEventOf } from '@sp/contracts';
import { keepLeft, recall, remember } from './authorisations';
import type { ClientState } from './client-state';
import type { Purchase, Reversal } from './feature-group';
import { writePurchase, writeReversal } from './feature-definitions';
import type { Reference } from './reference/reference';

/** Counts a purchase once and remembers it for its reversal; undefined for one already counted, a transfer or cash. */
export function foldAuthorisation(state: ClientState, event: LineEventOf<'transaction.authorised'>, { merchants }: Reference): Purchase | undefined {
  const { transactionId, kind, merchantId, amountMinor, currency, channel } = event.data;
  if (kind !== 'purchase') return undefined;
  const mcc = event.data.mcc ?? (merchantId === undefined ? undefined : merchants.find(merchantId)?.mcc);
  const purchase = { timeMs: event.timeMs, amountMinor, currency, online: channel === 'online', merchantId, mcc };
  if (!remember(state.authorisations, transactionId, purchase, state.lastEventMs)) return undefined;
  writePurchase(state, purchase);
  return purchase;
}

/** Takes back all that is left of a purchase, or the given part of it; never more than is left. Undefined where nothing was. */
export function foldReversal(state: ClientState, { data }: LineEventOf<'transaction.reversed'>): Reversal | undefined {
  const purchase = recall(state.authorisations, data.transactionId);
  if (!purchase) {
    state.unmatchedReversals++;
    return undefined;
  }
  if (purchase.amountMinor === 0) return undefined;
  const amountMinor = Math.min(data.amountMinor ?? purchase.amountMinor, purchase.amountMinor);
  keepLeft(state.authorisations, data.transactionId, purchase.amountMinor - amountMinor);
  const reversal = { purchase, amountMinor, isWhole: amountMinor === purchase.amountMinor };
  writeReversal(state, reversal);
  return reversal;
}

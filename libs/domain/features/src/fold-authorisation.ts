import { amountForFeatures, type LineEventOf, type Place } from '@sp/contracts';
import { keepLeft, recall, remember } from './authorisations';
import type { ClientState } from './client-state';
import type { Booking, Purchase, Reversal } from './feature-group';
import type { MerchantTable } from './reference/merchant-table';
import { writePurchase, writeReversal } from './feature-definitions';
import type { Reference } from './reference/reference';

/** Counts a purchase once and remembers it for its reversal; undefined for one already counted, a transfer or cash. */
export function foldAuthorisation(state: ClientState, event: LineEventOf<'transaction.authorised'>, { merchants }: Reference): Purchase | undefined {
  const { transactionId, kind, merchantId, channel } = event.data;
  const { amountMinor, currency } = amountForFeatures(event);
  if (kind !== 'purchase') return undefined;
  const mcc = event.data.mcc ?? (merchantId === undefined ? undefined : merchants.find(merchantId)?.mcc);
  const online = channel === 'online';
  const place = placeOf(state, { online, merchantId }, merchants);
  // Every field by its name: spreading one object into another cost a twentieth of the whole fold.
  const purchase: Purchase = { timeMs: event.timeMs, amountMinor, currency, online, merchantId, mcc, timeZone: state.facts.timeZone, place };
  if (!remember(state.authorisations, transactionId, purchase, state.lastEventMs)) return undefined;
  writePurchase(state, purchase);
  return purchase;
}

/** Takes back all that is left of a purchase, or the given part of it; never more than is left. Undefined where nothing was. */
export function foldReversal(state: ClientState, { data, cleaning }: LineEventOf<'transaction.reversed'>): Reversal | undefined {
  const booking = recall(state.authorisations, data.transactionId);
  if (!booking) {
    state.unmatchedReversals++;
    return undefined;
  }
  const purchase = { ...booking, timeZone: state.facts.timeZone };
  if (purchase.amountMinor === 0) return undefined;
  const amountMinor = Math.min(cleaning?.amountMinor ?? data.amountMinor ?? purchase.amountMinor, purchase.amountMinor);
  keepLeft(state.authorisations, data.transactionId, purchase.amountMinor - amountMinor);
  const reversal = { purchase, amountMinor, isWhole: amountMinor === purchase.amountMinor };
  writeReversal(state, reversal);
  return reversal;
}

/** Where the client must have been; a place like any other, so only with his consent. */
function placeOf({ facts }: ClientState, { online, merchantId }: Pick<Booking, 'online' | 'merchantId'>, merchants: MerchantTable): Place | undefined {
  return online || merchantId === undefined || !facts.consents.geo ? undefined : merchants.find(merchantId)?.location;
}

import type { LineEventOf } from '@sp/contracts';
import type { Authorisation, ClientState } from './client-state';
import type { Purchase } from './feature-group';
import { writePurchase, writeReversal } from './feature-definitions';
import type { Reference } from './reference/reference';
import { dayMs } from './time-units';

/** Card schemes allow a dispute for about 120 days; beyond that a purchase stands. */
const rememberedDays = 120;
/** Bounds a client's state: about two purchases a day over the 120 days. */
const rememberedAuthorisations = 200;

/** Counts a purchase once and remembers it for its reversal; undefined for one already counted, a transfer or cash. */
export function foldAuthorisation(state: ClientState, event: LineEventOf<'transaction.authorised'>, { merchants }: Reference): Purchase | undefined {
  const { transactionId, kind, merchantId, amountMinor, channel } = event.data;
  if (kind !== 'purchase' || recall(state, transactionId)) return undefined;
  const mcc = event.data.mcc ?? (merchantId === undefined ? undefined : merchants.find(merchantId)?.mcc);
  const purchase = { timeMs: event.timeMs, amountMinor, online: channel === 'online', merchantId, mcc };
  remember(state, { transactionId, timeMs: event.timeMs, online: purchase.online, merchantId, mcc, leftMinor: amountMinor });
  writePurchase(state, purchase);
  return purchase;
}

/** Takes back all that is left of a purchase, or the given part of it; never more than is left. */
export function foldReversal(state: ClientState, { data }: LineEventOf<'transaction.reversed'>): void {
  const authorisation = recall(state, data.transactionId);
  if (!authorisation) {
    state.unmatchedReversals++;
    return;
  }
  const { timeMs, online, merchantId, mcc, leftMinor } = authorisation;
  if (leftMinor === 0) return;
  const amountMinor = Math.min(data.amountMinor ?? leftMinor, leftMinor);
  authorisation.leftMinor -= amountMinor;
  writeReversal(state, { purchase: { timeMs, online, merchantId, mcc, amountMinor: leftMinor }, amountMinor, isWhole: amountMinor === leftMinor });
}

/** From the end: a reversal or a repetition mostly follows soon. */
function recall({ authorisations }: ClientState, transactionId: string): Authorisation | undefined {
  for (let row = authorisations.length - 1; row >= 0; row--) if (authorisations[row]?.transactionId === transactionId) return authorisations[row];
  return undefined;
}

function remember(state: ClientState, authorisation: Authorisation): void {
  const { authorisations } = state;
  authorisations.push(authorisation);
  const oldestMs = state.lastEventMs - rememberedDays * dayMs;
  while (authorisations.length > rememberedAuthorisations || (authorisations[0]?.timeMs ?? Infinity) < oldestMs) authorisations.shift();
}

import type { LineEventOf } from '@sp/contracts';
import type { ClientState } from '../client-state';
import type { Purchase } from '../feature-group';
import { isLiveElsewhere } from '../reference/live-groups';
import type { Merchant } from '../reference/merchant-table';
import type { Reference } from '../reference/reference';
import { dayMs, hourMs, minuteMs } from '../time-units';
import { becomeDue, type DueDecision } from './due-decision';
import { duePolicy, triggeringActions } from './due-policy';

/** After a purchase: somewhere else, something that goes with it is on offer. */
export function dueAfterPurchase(
  state: ClientState, event: LineEventOf<'transaction.authorised'>, purchase: Purchase | undefined, reference: Reference,
): DueDecision | undefined {
  const mcc = purchase?.mcc;
  if (mcc === undefined || !mayMeet(state, event.timeMs, reference)) return undefined;
  if (!isLiveElsewhere(reference, mcc, purchase?.merchantId, state.lastEventMs)) return undefined;
  return becomeDue(state, state.lastEventMs, { scenario: 'event', trigger: 'after-purchase', triggerEventId: event.id, mcc });
}

/** Near a merchant with a live campaign. Assumes consent to the place, which the caller has checked. */
export function dueNearMerchant(state: ClientState, event: LineEventOf<'client.located'>, reference: Reference): DueDecision | undefined {
  if (event.data.accuracyMeters > duePolicy.worstAccuracyMeters || !mayMeet(state, event.timeMs, reference)) return undefined;
  const nowMs = state.lastEventMs;
  const isWorthMeeting = ({ merchantId }: Merchant): boolean =>
    reference.campaigns.liveForMerchant(merchantId, nowMs).length > 0 && !wasJustNear(state, merchantId, nowMs);
  const [merchant] = reference.merchants.nearby(event.data, duePolicy.nearMeters + event.data.accuracyMeters, 1, isWorthMeeting);
  if (!merchant) return undefined;
  const { merchantId, mcc } = merchant;
  state.moments.nearMerchant = { merchantId, atMs: nowMs };
  return becomeDue(state, nowMs, { scenario: 'event', trigger: 'near-merchant', triggerEventId: event.id, merchantId, mcc });
}

/** The client looks at the bank's app, at a category, at a merchant, or searches. */
export function dueAfterAction(state: ClientState, event: LineEventOf<'client.acted'>, reference: Reference): DueDecision | undefined {
  const { action, merchantId } = event.data;
  if (!triggeringActions.has(action) || !mayMeet(state, event.timeMs, reference)) return undefined;
  const mcc = event.data.mcc ?? (merchantId === undefined ? undefined : reference.merchants.find(merchantId)?.mcc);
  return becomeDue(state, state.lastEventMs, { scenario: 'event', trigger: action, triggerEventId: event.id, ...aim(merchantId, mcc) });
}

/** Asked for, so always due, whatever the answer will be: without consent it is a reasoned "no offer". */
export function dueOnRequest(state: ClientState, { id, data }: LineEventOf<'decision.requested'>): DueDecision {
  const { merchantId, mcc } = data.context;
  const wanted = aim(typeof merchantId === 'string' ? merchantId : undefined, typeof mcc === 'number' ? mcc : undefined);
  return becomeDue(state, state.lastEventMs, { scenario: 'event', trigger: 'requested', triggerEventId: id, ...wanted, replySubject: data.replySubject });
}

/** Consent, a moment that has not passed, enough time since the last one, and anything at all on offer; cheapest first. */
function mayMeet({ facts, moments, lastEventMs }: ClientState, eventMs: number, { campaigns }: Reference): boolean {
  if (!facts.consents.offers || lastEventMs - eventMs > duePolicy.latestTriggerMinutes * minuteMs) return false;
  const isNewcomer = facts.registeredAtMs !== undefined && lastEventMs < facts.registeredAtMs + duePolicy.newcomerDays * dayMs;
  const gapHours = isNewcomer ? duePolicy.newcomerGapHours : duePolicy.eventGapHours;
  if (moments.lastMs !== undefined && lastEventMs - moments.lastMs < gapHours * hourMs) return false;
  return campaigns.liveAt(lastEventMs).length > 0;
}

function wasJustNear({ moments: { nearMerchant } }: ClientState, merchantId: string, nowMs: number): boolean {
  return nearMerchant?.merchantId === merchantId && nowMs - nearMerchant.atMs < duePolicy.sameMerchantGapHours * hourMs;
}

function aim(merchantId: string | undefined, mcc: number | undefined): { merchantId?: string; mcc?: number } {
  return { ...(merchantId !== undefined && { merchantId }), ...(mcc !== undefined && { mcc }) };
}

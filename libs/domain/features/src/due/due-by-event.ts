import type { LineEventOf } from '@sp/contracts';
import type { ClientState } from '../client-state';
import type { Purchase } from '../feature-group';
import { isLiveElsewhere } from '../reference/live-groups';
import type { Merchant } from '../reference/merchant-table';
import type { Reference } from '../reference/reference';
import { hourMs, minuteMs } from '../time-units';
import { approachWith, dwellEndsMs, isStale, type LastSeen } from './approach';
import { roomFromMs } from './contact-room';
import { becomeDue, type DueDecision } from './due-decision';
import { duePolicy, triggeringActions } from './due-policy';
import { quietEndsMs } from './quiet-hours';
import { wakeId } from './wake-id';

/** After a purchase: somewhere else, something that goes with it is on offer. */
export function dueAfterPurchase(
  state: ClientState, event: LineEventOf<'transaction.authorised'>, purchase: Purchase | undefined, reference: Reference,
): DueDecision | undefined {
  const mcc = purchase?.mcc;
  if (mcc === undefined || isPast(state, event.timeMs) || !mayMeet(state, state.lastEventMs, reference)) return undefined;
  if (!isLiveElsewhere(reference, mcc, purchase?.merchantId, state.lastEventMs)) return undefined;
  return dueNowOrLater(state, { trigger: 'after-purchase', triggerEventId: event.id, mcc }, reference);
}

/**
 * Near a merchant with a live campaign, and not just passing by: for a while inside his fence, at a walk or standing, not leaving.
 * Assumes consent to the place, which the caller has checked; `before` is the fix before this one.
 */
export function dueNearMerchant(state: ClientState, { id, timeMs, data }: LineEventOf<'client.located'>, before: LastSeen, reference: Reference): DueDecision | undefined {
  const { moments } = state;
  if (data.accuracyMeters > duePolicy.worstAccuracyMeters || timeMs < (before.atMs ?? 0)) return undefined;
  const merchant = isPast(state, timeMs) || !mayMeet(state, state.lastEventMs, reference) ? undefined : merchantNear(state, data, reference);
  moments.approach = merchant && approachWith(moments.approach, { ...data, timeMs }, before, merchant);
  return moments.approach && dwellEndsMs(moments.approach) <= timeMs ? dueAtApproach(state, state.lastEventMs, id, reference) : undefined;
}

/** Nothing has told that he left: he is still near. */
export function dueAfterDwell(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  const { approach } = state.moments;
  if (!approach || dwellEndsMs(approach) > nowMs) return undefined;
  if (!isStale(approach, nowMs) && mayMeet(state, nowMs, reference)) return dueAtApproach(state, nowMs, wakeId('near-merchant', nowMs), reference);
  state.moments.approach = undefined;
  return undefined;
}

/** The client looks at the bank's app, at a category, at a merchant, or searches. */
export function dueAfterAction(state: ClientState, event: LineEventOf<'client.acted'>, reference: Reference): DueDecision | undefined {
  const { action, merchantId } = event.data;
  if (!triggeringActions.has(action) || isPast(state, event.timeMs) || !mayMeet(state, state.lastEventMs, reference)) return undefined;
  const mcc = event.data.mcc ?? (merchantId === undefined ? undefined : reference.merchants.find(merchantId)?.mcc);
  return dueNowOrLater(state, { trigger: action, triggerEventId: event.id, ...aim(merchantId, mcc) }, reference);
}

/** The quiet hours are over: what happened in them is due, unless that was too long ago or something else has come between. */
export function dueAfterQuiet(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  const { moved } = state.moments;
  if (!moved || moved.atMs > nowMs) return undefined;
  state.moments.moved = undefined;
  if (nowMs - moved.atMs > duePolicy.movedHoldsHours * hourMs || !mayMeet(state, nowMs, reference)) return undefined;
  const { trigger, merchantId, mcc } = moved;
  return becomeDue(state, nowMs, { scenario: 'event', trigger, triggerEventId: wakeId(trigger, nowMs), ...aim(merchantId, mcc) }, reference);
}

/** Asked for, so always due, whatever the answer will be: without consent it is a reasoned "no offer". */
export function dueOnRequest(state: ClientState, { id, data }: LineEventOf<'decision.requested'>, reference: Reference): DueDecision {
  const { merchantId, mcc } = data.context;
  const wanted = aim(typeof merchantId === 'string' ? merchantId : undefined, typeof mcc === 'number' ? mcc : undefined);
  return becomeDue(state, state.lastEventMs, { scenario: 'event', trigger: 'requested', triggerEventId: id, ...wanted, replySubject: data.replySubject }, reference);
}

/** An event that comes so late describes a moment that has passed. */
function isPast({ lastEventMs }: ClientState, eventMs: number): boolean {
  return lastEventMs - eventMs > duePolicy.latestTriggerMinutes * minuteMs;
}

/** Consent, room under the caps, enough time since the last moment, and anything at all on offer; cheapest first. */
function mayMeet(state: ClientState, nowMs: number, { campaigns, limits }: Reference): boolean {
  const { facts, moments } = state;
  if (!facts.consents.offers || nowMs < roomFromMs(state, limits)) return false;
  if (moments.lastMs !== undefined && nowMs - moments.lastMs < duePolicy.leastGapHours * hourMs) return false;
  return campaigns.liveAt(nowMs).length > 0;
}

interface Happened {
  readonly trigger: string;
  readonly triggerEventId: string;
  readonly merchantId?: string;
  readonly mcc?: number;
}

/** In quiet hours the moment waits until they end, in place of an earlier one. */
function dueNowOrLater(state: ClientState, happened: Happened, reference: Reference): DueDecision | undefined {
  const nowMs = state.lastEventMs;
  const quietUntilMs = quietEndsMs(nowMs, state.facts.timeZone, reference.limits);
  if (quietUntilMs === undefined) return becomeDue(state, nowMs, { scenario: 'event', ...happened }, reference);
  state.moments.moved = { trigger: happened.trigger, merchantId: happened.merchantId, mcc: happened.mcc, atMs: quietUntilMs };
  return undefined;
}

/** Whom he approaches already, as long as he is in his fence; else the nearest. At night he is not asked: in the morning he is elsewhere. */
function merchantNear(state: ClientState, place: LineEventOf<'client.located'>['data'], reference: Reference): Merchant | undefined {
  const nowMs = state.lastEventMs;
  if (quietEndsMs(nowMs, state.facts.timeZone, reference.limits) !== undefined) return undefined;
  const near = (only?: string): Merchant | undefined =>
    reference.merchants.nearby(place, duePolicy.nearMeters + place.accuracyMeters, 1, (merchant) => (only === undefined || merchant.merchantId === only) && isWorthMeeting(state, merchant, nowMs, reference))[0];
  const { approach } = state.moments;
  return (approach && near(approach.merchantId)) ?? near();
}

function isWorthMeeting({ moments: { nearMerchant } }: ClientState, { merchantId }: Merchant, nowMs: number, { campaigns }: Reference): boolean {
  const wasJustNear = nearMerchant?.merchantId === merchantId && nowMs - nearMerchant.atMs < duePolicy.sameMerchantGapHours * hourMs;
  return !wasJustNear && campaigns.liveForMerchant(merchantId, nowMs).length > 0;
}

function dueAtApproach(state: ClientState, nowMs: number, triggerEventId: string, reference: Reference): DueDecision | undefined {
  const merchant = state.moments.approach && reference.merchants.find(state.moments.approach.merchantId);
  state.moments.approach = undefined;
  if (!merchant || !isWorthMeeting(state, merchant, nowMs, reference) || quietEndsMs(nowMs, state.facts.timeZone, reference.limits) !== undefined) return undefined;
  const { merchantId, mcc } = merchant;
  state.moments.nearMerchant = { merchantId, atMs: nowMs };
  return becomeDue(state, nowMs, { scenario: 'event', trigger: 'near-merchant', triggerEventId, merchantId, mcc }, reference);
}

function aim(merchantId: string | undefined, mcc: number | undefined): { merchantId?: string; mcc?: number } {
  return { ...(merchantId !== undefined && { merchantId }), ...(mcc !== undefined && { mcc }) };
}

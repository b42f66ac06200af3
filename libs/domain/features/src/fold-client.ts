import type { LineEventOf } from '@sp/contracts';
import { clientStateVersion, emptyClient, type ClientState } from './client-state';
import type { DueDecision } from './due/due-decision';
import { dueAfterAction, dueAfterPurchase, dueNearMerchant, dueOnRequest } from './due/due-by-event';
import { dueByTimer, nextWakeMs } from './due/due-by-timer';
import { writeAction, writeContact, writeSighting } from './feature-definitions';
import { foldAuthorisation, foldReversal } from './fold-authorisation';
import type { Purchase, Reversal } from './feature-group';
import { findHeld, hold, settle, type HeldReversals } from './held-reversals';
import { writeConsents, writeRegistration } from './groups/client-facts';
import { forgetUsualPlaces } from './groups/usual-places';
import { forgetWhereabouts } from './groups/whereabouts';
import type { Reference } from './reference/reference';

const clientEventTypes = [
  'client.registered', 'client.consent.changed', 'client.erasure.requested', 'transaction.authorised', 'transaction.reversed',
  'client.located', 'client.acted', 'offer.responded', 'offer.recorded', 'decision.requested',
] as const;

/** Every event whose subject is a client. */
export type ClientEvent = LineEventOf<(typeof clientEventTypes)[number]>;

export interface TakenBack {
  readonly event: LineEventOf<'transaction.reversed'>;
  readonly reversal: Reversal;
}

export interface TakenBack {
  readonly event: LineEventOf<'transaction.reversed'>;
  readonly reversal: Reversal;
}

export interface ClientStep {
  /** Undefined: nothing is known, or may be known any more; forget the client. */
  readonly state: ClientState | undefined;
  readonly due: readonly DueDecision[];
  /** The purchase that was counted. */
  readonly purchase?: Purchase;
  /** What reversals took back, of which purchases: this one, or those that were held for the purchase that has come. */
  readonly takenBack?: readonly TakenBack[];
  /** A reversal named no purchase that is remembered: it is held for a while. */
  readonly isUnknownOriginal?: boolean;
  /** Reversals that wait for their purchase, where they have changed. */
  readonly held?: HeldReversals;
  /** The client's next timer, in place of any earlier one; undefined is none. It may lie in the past: then it is overdue. */
  readonly wakeAtMs?: number;
}

const types: ReadonlySet<string> = new Set(clientEventTypes);

export function isClientEvent(event: { readonly type: string }): event is ClientEvent {
  return types.has(event.type);
}

/**
 * What do we know of this client after this event, and is a decision due? Deterministic; changes the given state in place.
 * Assumes: identical events were removed before. A second transaction of the same id is not counted again.
 * Late events: counts and sums of periods still kept take them, last-times and newer facts stay, they are counted in
 * `lateEvents`, and what is due by them is due at the client's own latest time. A reversal that comes before its purchase waits
 * in `held`, which the caller keeps beside the state; only a client with `unmatchedReversals` has any.
 */
export function foldClient(state: ClientState | undefined, event: ClientEvent, reference: Reference, held: HeldReversals = []): ClientStep {
  if (event.type === 'client.erasure.requested') return { state: undefined, due: [], ...(held.length > 0 && { held: [] }) };
  const client = advance(state ?? emptyClient(event.timeMs), event.timeMs);
  if (event.type === 'transaction.reversed') return { ...step(client, undefined, reference), ...reverse(client, event, held) };
  if (event.type === 'transaction.authorised') return buy(client, event, reference, held);
  const due = write(client, event, reference);
  // Asking for an unknown client's decision tells nothing of him that is worth keeping.
  if (!state && event.type === 'decision.requested') return { state: undefined, due: due ? [due] : [] };
  return step(client, due, reference);
}

/** The client's timer has come: is a decision due? Does nothing before the time that was asked for. */
export function wakeClient(state: ClientState, timeMs: number, reference: Reference): ClientStep {
  return step(state, dueByTimer(state, Math.max(timeMs, state.lastEventMs), reference), reference);
}

function write(client: ClientState, event: Exclude<ClientEvent, { type: 'client.erasure.requested' | 'transaction.authorised' | 'transaction.reversed' }>, reference: Reference): DueDecision | undefined {
  switch (event.type) {
    case 'client.registered':
      return void changeFacts(client, () => writeRegistration(client.facts, event.data, event.timeMs));
    case 'client.consent.changed':
      return void changeFacts(client, () => writeConsents(client.facts, event.data.consents, event.timeMs));
    case 'client.located':
      return sight(client, event, reference);
    case 'client.acted':
      writeAction(client, { timeMs: event.timeMs, name: event.data.action, sessionId: event.data.sessionId, entryPoint: event.data.entryPoint });
      return dueAfterAction(client, event, reference);
    case 'offer.recorded':
      return void writeContact(client, { timeMs: event.timeMs, offerId: event.data.offerId, kind: 'recorded' });
    case 'offer.responded':
      return void foldResponse(client, event);
    case 'decision.requested':
      return dueOnRequest(client, event, reference);
  }
}

function buy(client: ClientState, event: LineEventOf<'transaction.authorised'>, reference: Reference, held: HeldReversals): ClientStep {
  const purchase = foldAuthorisation(client, event, reference);
  if (!purchase) return step(client, undefined, reference);
  const waiting = held.length === 0 ? undefined : settle(held, event.data.transactionId, client.lastEventMs);
  if (!waiting || waiting.events.length === 0) return { ...step(client, dueAfterPurchase(client, event, purchase, reference), reference), purchase };
  const takenBack = waiting.events.flatMap((reversed) => asTakenBack(reversed, foldReversal(client, reversed)));
  // What is known to be taken back by the time that it is told has not happened: nothing is due by it.
  const due = takenBack.some(({ reversal }) => reversal.isWhole) ? undefined : dueAfterPurchase(client, event, purchase, reference);
  return { ...step(client, due, reference), purchase, takenBack, held: waiting.held };
}

function reverse(client: ClientState, event: LineEventOf<'transaction.reversed'>, held: HeldReversals): Pick<ClientStep, 'takenBack' | 'isUnknownOriginal' | 'held'> {
  if (findHeld(held, event)?.isSettled) return {};
  const before = client.unmatchedReversals;
  const takenBack = asTakenBack(event, foldReversal(client, event));
  if (client.unmatchedReversals === before) return { takenBack };
  return { isUnknownOriginal: true, held: hold(held, event, client.lastEventMs) };
}

function asTakenBack(event: LineEventOf<'transaction.reversed'>, reversal: Reversal | undefined): TakenBack[] {
  return reversal ? [{ event, reversal }] : [];
}

function advance(client: ClientState, timeMs: number): ClientState {
  if (client.version !== clientStateVersion) throw new RangeError(`a client's state of version ${client.version} cannot be read by version ${clientStateVersion}`);
  if (timeMs < client.lastEventMs) client.lateEvents++;
  else client.lastEventMs = timeMs;
  return client;
}

function changeFacts(client: ClientState, change: () => void): void {
  change();
  if (client.facts.consents.geo) return;
  forgetWhereabouts(client.whereabouts);
  forgetUsualPlaces(client.places);
  client.moments.approach = undefined;
}

function sight(client: ClientState, event: LineEventOf<'client.located'>, reference: Reference): DueDecision | undefined {
  if (!client.facts.consents.geo) return undefined;
  const { lat, lon } = event.data;
  const before = { place: client.whereabouts.place, atMs: client.whereabouts.atMs };
  writeSighting(client, { timeMs: event.timeMs, place: { lat, lon }, timeZone: client.facts.timeZone });
  return dueNearMerchant(client, event, before, reference);
}

/** What the merchant says of an offer is no contact with the client. */
function foldResponse(client: ClientState, { timeMs, data: { offerId, response } }: LineEventOf<'offer.responded'>): void {
  if (response !== 'confirmed-by-merchant' && response !== 'refused-by-merchant') writeContact(client, { timeMs, offerId, kind: response });
}

function step(client: ClientState, due: DueDecision | undefined, reference: Reference): ClientStep {
  return { state: client, due: due ? [due] : [], wakeAtMs: nextWakeMs(client, reference) };
}

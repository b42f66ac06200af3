import type { LineEventOf } from '@sp/contracts';
import { clientStateVersion, emptyClient, type ClientState } from './client-state';
import type { DueDecision } from './due/due-decision';
import { dueAfterAction, dueAfterPurchase, dueNearMerchant, dueOnRequest } from './due/due-by-event';
import { dueByTimer, nextWakeMs } from './due/due-by-timer';
import { writeAction, writeContact, writeSighting } from './feature-definitions';
import { foldAuthorisation, foldReversal } from './fold-authorisation';
import type { Reversal } from './feature-group';
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

export interface ClientStep {
  /** Undefined: nothing is known, or may be known any more; forget the client. */
  readonly state: ClientState | undefined;
  readonly due: readonly DueDecision[];
  /** What a reversal took back, of which purchase. */
  readonly reversal?: Reversal;
  /** A reversal named no purchase that is remembered. */
  readonly isUnknownOriginal?: boolean;
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
 * `lateEvents`, and what is due by them is due at the client's own latest time.
 */
export function foldClient(state: ClientState | undefined, event: ClientEvent, reference: Reference): ClientStep {
  if (event.type === 'client.erasure.requested') return { state: undefined, due: [] };
  const client = advance(state ?? emptyClient(event.timeMs), event.timeMs);
  if (event.type === 'transaction.reversed') return { ...step(client, undefined, reference), ...reversalOf(client, event) };
  const due = write(client, event, reference);
  // Asking for an unknown client's decision tells nothing of him that is worth keeping.
  if (!state && event.type === 'decision.requested') return { state: undefined, due: due ? [due] : [] };
  return step(client, due, reference);
}

/** The client's timer has come: is a decision due? Does nothing before the time that was asked for. */
export function wakeClient(state: ClientState, timeMs: number, reference: Reference): ClientStep {
  return step(state, dueByTimer(state, Math.max(timeMs, state.lastEventMs), reference), reference);
}

function write(client: ClientState, event: Exclude<ClientEvent, { type: 'client.erasure.requested' | 'transaction.reversed' }>, reference: Reference): DueDecision | undefined {
  switch (event.type) {
    case 'client.registered':
      return void changeFacts(client, () => writeRegistration(client.facts, event.data, event.timeMs));
    case 'client.consent.changed':
      return void changeFacts(client, () => writeConsents(client.facts, event.data.consents, event.timeMs));
    case 'transaction.authorised':
      return dueAfterPurchase(client, event, foldAuthorisation(client, event, reference), reference);
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

function reversalOf(client: ClientState, event: LineEventOf<'transaction.reversed'>): Pick<ClientStep, 'reversal' | 'isUnknownOriginal'> {
  const before = client.unmatchedReversals;
  const reversal = foldReversal(client, event);
  return reversal ? { reversal } : { isUnknownOriginal: client.unmatchedReversals > before };
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
  const before = { ...client.whereabouts };
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

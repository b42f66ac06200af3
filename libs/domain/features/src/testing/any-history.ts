import fc from 'fast-check';
import type { LineEventOf } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { ClientState } from '../client-state';
import { foldClient, type ClientEvent, type ClientStep } from '../fold-client';
import type { HeldReversals } from '../held-reversals';
import type { Reference } from '../reference/reference';
import { dayMs, minuteMs } from '../time-units';

const historyDays = 150;
const timeMs = fc.integer({ min: 0, max: (historyDays * dayMs) / minuteMs }).map((minutes) => mondayMs + minutes * minuteMs);
const consents = fc.record({ offers: fc.boolean(), geo: fc.boolean() });
const transactionId = fc.integer({ min: 0, max: 60 }).map((number) => `t-${number}`);
const offerId = fc.integer({ min: 0, max: 5 }).map((number) => `o-${number}`);
const amountMinor = fc.integer({ min: 1, max: 100_000 });

const bought = fc.record({
  transactionId, amountMinor,
  merchantId: fc.constantFrom('bakery', 'market', 'garage', 'unknown', undefined),
  mcc: fc.constantFrom(5411, 5812, undefined),
  kind: fc.constantFrom('purchase' as const, 'purchase' as const, 'purchase' as const, 'transfer' as const),
  channel: fc.constantFrom('online' as const, 'offline' as const),
});

export const aPurchase: fc.Arbitrary<LineEventOf<'transaction.authorised'>> = fc.tuple(timeMs, bought).map(([at, data]) => anEvent('transaction.authorised', { timeMs: at, data }));

const anyEvent: fc.Arbitrary<ClientEvent> = fc.oneof(
  { weight: 12, arbitrary: aPurchase },
  { weight: 3, arbitrary: fc.tuple(timeMs, transactionId, fc.option(amountMinor, { nil: undefined })).map(([at, id, part]) => anEvent('transaction.reversed', { timeMs: at, data: { transactionId: id, amountMinor: part } })) },
  { weight: 2, arbitrary: fc.tuple(timeMs, consents, fc.constantFrom('UTC', 'Asia/Tokyo')).map(([at, given, timeZone]) => anEvent('client.registered', { timeMs: at, data: { consents: given, timeZone } })) },
  { weight: 2, arbitrary: fc.tuple(timeMs, consents).map(([at, given]) => anEvent('client.consent.changed', { timeMs: at, data: { consents: given } })) },
  { weight: 2, arbitrary: timeMs.map((at) => anEvent('client.located', { timeMs: at })) },
  { weight: 3, arbitrary: fc.tuple(timeMs, fc.constantFrom('app-opened', 'search', 'logged-out')).map(([at, action]) => anEvent('client.acted', { timeMs: at, data: { action } })) },
  { weight: 3, arbitrary: fc.tuple(timeMs, offerId, fc.constantFrom('viewed' as const, 'accepted' as const, 'declined' as const, 'redeemed' as const, 'refused-by-merchant' as const)).map(([at, id, response]) => anEvent('offer.responded', { timeMs: at, data: { offerId: id, response } })) },
  { weight: 1, arbitrary: fc.tuple(timeMs, offerId).map(([at, id]) => anEvent('offer.recorded', { timeMs: at, data: { offerId: id } })) },
  { weight: 1, arbitrary: timeMs.map((at) => aRequest(at)) },
);

/** A client's events in the order of arrival: mostly that of their time, some late. */
export const anyHistory: fc.Arbitrary<readonly ClientEvent[]> = fc
  .tuple(fc.array(anyEvent, { maxLength: 80 }), fc.array(fc.integer({ min: 0, max: 79 }), { maxLength: 6 }))
  .map(([events, late]) => {
    const ordered = [...events].sort((a, b) => a.timeMs - b.timeMs);
    for (const at of late) ordered.push(...ordered.splice(at, 1));
    return ordered;
  });

export const afterHistoryMs = mondayMs + historyDays * dayMs;

export function aRequest(at: number, context: Record<string, unknown> = {}): LineEventOf<'decision.requested'> {
  return { type: 'decision.requested', id: 'r-1', source: 'test', subject: 'c-1', timeMs: at, data: { context, replySubject: 'replies.r-1' } };
}

/** Folds from the given state; `between` may replace the state after each event. */
export function foldAll(events: readonly ClientEvent[], reference: Reference, state?: ClientState, between: (state: ClientState) => ClientState = (same) => same): ClientStep[] {
  let current = state;
  let held: HeldReversals | undefined;
  return events.map((event) => {
    const step = foldClient(current, event, reference, held);
    held = step.held ?? held;
    current = step.state && between(step.state);
    return step;
  });
}

export function stateAfter(events: readonly ClientEvent[], reference: Reference): ClientState {
  const state = foldAll(events, reference).at(-1)?.state;
  if (!state) throw new Error('the history leaves no state');
  return state;
}

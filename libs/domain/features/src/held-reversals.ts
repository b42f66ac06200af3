import type { LineEventOf } from '@sp/contracts';
import { dayMs } from './time-units';

type ReversedEvent = LineEventOf<'transaction.reversed'>;

/** A reversal that came before its purchase. */
export interface HeldReversal {
  readonly event: ReversedEvent;
  /** The purchase has come since: kept, so that the same one told again takes nothing back twice. */
  readonly isSettled: boolean;
}

export type HeldReversals = readonly HeldReversal[];

/** Banks send bookings and reversals in files of their own, a day or two apart; what is not there after a week does not come. Of the client's time. */
export const heldReversalDays = 7;
/** Bounds what a client's reversals of nothing may take: the oldest go. */
const mostHeld = 20;

/** A letter that is replayed bears another id: purchase, time and amount say which reversal it is. */
export function findHeld(held: HeldReversals, { timeMs, data }: ReversedEvent): HeldReversal | undefined {
  return held.find(({ event }) => event.timeMs === timeMs && event.data.transactionId === data.transactionId && event.data.amountMinor === data.amountMinor);
}

export function hold(held: HeldReversals, event: ReversedEvent, nowMs: number): HeldReversals {
  return findHeld(held, event) ? held : [...held.filter((known) => isKept(known, nowMs)), { event, isSettled: false }].slice(-mostHeld);
}

/** Those that wait for this purchase, in the order in which they came, and what is held once they have met it. */
export function settle(held: HeldReversals, transactionId: string, nowMs: number): { readonly events: readonly ReversedEvent[]; readonly held: HeldReversals } {
  const meets = (known: HeldReversal): boolean => !known.isSettled && known.event.data.transactionId === transactionId && isKept(known, nowMs);
  const events = held.filter(meets).map(({ event }) => event);
  return { events, held: events.length === 0 ? held : held.map((known) => (meets(known) ? { ...known, isSettled: true } : known)) };
}

function isKept({ event }: HeldReversal, nowMs: number): boolean {
  return event.timeMs >= nowMs - heldReversalDays * dayMs;
}

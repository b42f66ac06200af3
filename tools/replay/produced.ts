import type { BankEventType } from '@sp/contracts';

/** An event on its way to the door; `data` is judged there (or by `--check`), not here. */
export interface OutgoingEvent {
  readonly type: BankEventType;
  readonly id: string;
  readonly source: string;
  readonly subject: string;
  readonly timeMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where something stands in the input, for a person to look it up. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/**
 * What a mapping makes of its input, in the order of event time. Every line of the input is told exactly once in `lines`:
 * by the (first) event that it became, as rejected, or as passed over. Events of the mapping's own, and further events of a
 * line that is already told, carry 0.
 */
export type Produced =
  | { readonly kind: 'event'; readonly event: OutgoingEvent; readonly lines: number; readonly origin?: Origin }
  | Rejected
  | { readonly kind: 'passed-over'; readonly what: 'header' | 'blank'; readonly lines: number };

export interface Rejected {
  readonly kind: 'rejected';
  /** Few different ones, so that they can be counted. */
  readonly reason: string;
  readonly lines: number;
  readonly origin: Origin;
}

export function rejected(reason: string, at: { readonly origin: Origin; readonly lines: number }): Rejected {
  return { kind: 'rejected', reason, lines: at.lines, origin: at.origin };
}

/** CloudEvents 1.0 JSON, as the public door takes it. */
export function envelopeOf(event: OutgoingEvent): Record<string, unknown> {
  const { id, source, type, subject, timeMs, data } = event;
  return { specversion: '1.0', id, source, type, subject, time: new Date(timeMs).toISOString(), data };
}

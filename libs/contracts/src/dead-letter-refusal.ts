import { maskCardNumbers } from './card-number';
import { nameOfEvent, type DeadLetter } from './dead-letter';
import { keptPayload, maskedValue } from './dead-letter-payload';
import { attemptOf } from './dead-letter-replay';
import { identityOf } from './accept-event';
import { hashId } from './hash';
import type { LineEvent } from './line-events';
import type { Reject } from './reject';

/** Where a batch came from: a request of the HTTP door, or a message of the stream BANK. */
export type RefusalOrigin = { readonly door: 'http'; readonly request: string } | { readonly door: 'bank' | 'control'; readonly sequence: number };

export interface Refusal {
  readonly original: { readonly value: unknown } | { readonly text: string };
  readonly reject: Reject;
  readonly origin: RefusalOrigin;
  /** Its place in the batch. */
  readonly item: number;
  readonly timeMs: number;
}

/**
 * The letter of one refusal. Its id is deterministic: by NATS the place in the stream, so that reading again after a crash makes no
 * second letter; by HTTP the event's own name and the reason, so that a sender who tries again makes no second one either.
 * Whatever goes in is masked first: a hash of a card number could be guessed.
 */
export function deadLetterOf({ original, reject, origin, item, timeMs }: Refusal): DeadLetter {
  const { whole, ...kept } = keptPayload(original);
  const event = 'value' in original ? nameOfEvent(maskedName(original.value)) : undefined;
  const position = `${origin.door === 'http' ? origin.request : origin.sequence}#${item}`;
  const id = origin.door !== 'http' ? hashId('dl', origin.door, position) : event ? hashId('dl', 'http', event.source, event.subject, event.id, reject.code) : hashId('dl', 'http', reject.code, whole);
  // A path's parts each on their own: behind a dot a number would not be taken for one.
  const field = reject.field.split('.').map(maskCardNumbers).join('.').slice(0, 512);
  const message = maskCardNumbers(reject.message).slice(0, 1_024);
  return { kind: 'refused', id, stage: 'ingest', step: 'accept', origin: origin.door, position, attempt: 1, ...(event ? { event } : {}), reason: reject.code, field, message, ...kept, timeMs };
}

/** Where a stage of the line refused an event: which step, at what place of its input log. */
export interface StageOrigin {
  readonly stage: string;
  readonly step: string;
  readonly partition: number;
  readonly position: number;
  readonly item: number;
}

/** The letter of an event that a stage refused, as the bank sent it. Made anew from the log it is the very same but for `timeMs`, the wall clock. */
export function deadLetterOfStage({ event, reject, timeMs, ...at }: StageOrigin & { readonly event: LineEvent; readonly reject: Reject; readonly timeMs: number }): DeadLetter {
  const { type, id, source, subject, data } = event;
  const original = { specversion: '1.0', id, source, type, subject, time: new Date(event.timeMs).toISOString(), data };
  const { whole: _whole, ...kept } = keptPayload({ value: original });
  const named = nameOfEvent(maskedName(original));
  return {
    kind: 'refused', id: hashId('dl', at.stage, identityOf(event), reject.code), stage: at.stage, step: at.step, origin: 'line', position: `${at.partition}:${at.position}#${at.item}`, attempt: attemptOf(id),
    ...(named ? { event: named } : {}), reason: reject.code, field: reject.field, message: maskCardNumbers(reject.message).slice(0, 1_024), ...kept, timeMs,
  };
}

function maskedName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, subject, id, type } = value as Record<string, unknown>;
  return Object.fromEntries(Object.entries({ source, subject, id, type }).map(([key, part]) => [key, typeof part === 'string' ? maskedValue(part) : undefined]));
}

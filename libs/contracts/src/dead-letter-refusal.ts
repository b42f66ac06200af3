import { maskCardNumbers } from './card-number';
import { nameOfEvent, type DeadLetter } from './dead-letter';
import { keptPayload, maskedValue } from './dead-letter-payload';
import { hashId } from './hash';
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
  return { kind: 'refused', id, stage: 'ingest', origin: origin.door, position, ...(event ? { event } : {}), reason: reject.code, field, message, ...kept, timeMs };
}

function maskedName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, subject, id, type } = value as Record<string, unknown>;
  return Object.fromEntries(Object.entries({ source, subject, id, type }).map(([key, part]) => [key, typeof part === 'string' ? maskedValue(part) : undefined]));
}

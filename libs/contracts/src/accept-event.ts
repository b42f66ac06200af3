import type { z } from 'zod';
import { bankEventSchemas, type BankEventType } from './bank-events';
import { purposesOf, refusalOfShape } from './accept-event-shape';
import { holdsCardNumber, maskCardNumbers } from './card-number';
import { envelopeSchema, eventTimeRangeMs } from './envelope';
import type { BankEvent } from './line-events';
import { isPlainEnvelope } from './plain-envelope';
import type { Reject } from './reject';

export type Acceptance = { readonly ok: true; readonly event: BankEvent } | { readonly ok: false; readonly id: string; readonly reject: Reject };

/**
 * Turns one parsed JSON value from a public door into an event of the line, or into a Reject that names the field.
 * Unknown fields of `data` are dropped (more may be added by newer publishers), but no bound is: they are refused for what no event may hold.
 */
export function acceptEvent(value: unknown): Acceptance {
  const shape = refusalOfShape(value, purposesOf(partOf(value, 'type')));
  if (shape) return refuse(value, shape);
  const envelope = isPlainEnvelope(value) ? { success: true as const, data: value } : envelopeSchema.safeParse(value);
  if (!envelope.success) return refuse(value, { code: 'malformed-envelope', ...firstIssue(envelope.error, '') });
  const { id, source, type, subject, time, data } = envelope.data;
  if (!isBankEventType(type)) return refuse(value, { code: 'unknown-type', field: 'type', message: `no event type "${type}"` });
  const timeMs = Date.parse(time);
  if (!(timeMs >= eventTimeRangeMs.earliest && timeMs < eventTimeRangeMs.latest)) return refuse(value, { code: 'malformed-envelope', field: 'time', message: 'must lie in the years 2000 to 2099' });
  const parsed = bankEventSchemas[type].safeParse(data ?? {});
  if (!parsed.success) return refuse(value, { code: 'invalid-data', ...firstIssue(parsed.error, 'data') });
  const contradiction = subjectContradiction(type, subject, parsed.data as Record<string, unknown>);
  if (contradiction) return refuse(value, contradiction);
  return { ok: true, event: { type, id, source, subject, timeMs, data: parsed.data } as BankEvent };
}

/** What makes an event the same event: source, subject and id. */
export function identityOf(event: { readonly source: string; readonly subject: string; readonly id: string }): string {
  return `${event.source}\u001f${event.subject}\u001f${event.id}`;
}

export function isBankEventType(type: string): type is BankEventType {
  return Object.hasOwn(bankEventSchemas, type);
}

/** A merchant's event is about the merchant it names, a campaign's about its campaign. */
function subjectContradiction(type: BankEventType, subject: string, data: Record<string, unknown>): Reject | undefined {
  const own = type === 'merchant.registered' ? 'merchantId' : type === 'campaign.published' ? 'campaignId' : undefined;
  if (!own || data[own] === subject) return undefined;
  return { code: 'malformed-envelope', field: 'subject', message: `must equal data.${own}` };
}

/** What is said of the value goes back to its sender and into the dead letters: masked. */
function refuse(value: unknown, { code, field, message }: Reject): Acceptance {
  const id = partOf(value, 'id');
  const named = typeof id === 'string' ? id.slice(0, 128) : typeof id === 'number' ? String(id) : '';
  return { ok: false, id: holdsCardNumber(named, 'technical') ? maskCardNumbers(named) : named, reject: { code, field: field.split('.').map(maskCardNumbers).join('.'), message: maskCardNumbers(message) } };
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function firstIssue(error: z.ZodError, prefix: string): { field: string; message: string } {
  const issue = error.issues[0];
  const path = [prefix, ...(issue?.path ?? [])].filter((part) => part !== '').map(String);
  return { field: path.join('.'), message: issue?.message ?? 'invalid' };
}

import type { z } from 'zod';
import { bankEventSchemas, type BankEventType } from './bank-events';
import { findCardNumber } from './card-number';
import { envelopeSchema } from './envelope';
import type { BankEvent } from './line-events';
import type { Reject } from './reject';

export type Acceptance = { readonly ok: true; readonly event: BankEvent } | { readonly ok: false; readonly id: string; readonly reject: Reject };

/**
 * Turns one parsed JSON value from a public door into an event of the line, or into a Reject that names the field.
 * Unknown fields of `data` are dropped (more may be added by newer publishers).
 */
export function acceptEvent(value: unknown): Acceptance {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return refuse(value, { code: 'malformed-envelope', ...firstIssue(envelope.error, '') });
  const { id, source, type, subject, time, data } = envelope.data;
  if (!isBankEventType(type)) return refuse(value, { code: 'unknown-type', field: 'type', message: `no event type "${type}"` });
  const parsed = bankEventSchemas[type].safeParse(data ?? {});
  if (!parsed.success) return refuse(value, { code: 'invalid-data', ...firstIssue(parsed.error, 'data') });
  const card = findCardNumber({ id, source, subject, data });
  if (card) return refuse(value, { code: 'card-number', field: card, message: 'holds a card number; send a pseudonym' });
  const contradiction = subjectContradiction(type, subject, parsed.data as Record<string, unknown>);
  if (contradiction) return refuse(value, contradiction);
  return { ok: true, event: { type, id, source, subject, timeMs: Date.parse(time), data: parsed.data } as BankEvent };
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

function refuse(value: unknown, reject: Reject): Acceptance {
  const id = typeof value === 'object' && value !== null && 'id' in value ? String(value.id).slice(0, 128) : '';
  return { ok: false, id, reject };
}

function firstIssue(error: z.ZodError, prefix: string): { field: string; message: string } {
  const issue = error.issues[0];
  const path = [prefix, ...(issue?.path ?? [])].filter((part) => part !== '').map(String);
  return { field: path.join('.'), message: issue?.message ?? 'invalid' };
}

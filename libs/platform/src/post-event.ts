import { signedHeaders } from '@sp/contracts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const timeoutMs = 15_000;

const itemSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted') }),
  z.object({ status: z.literal('duplicate') }),
  z.object({ status: z.literal('rejected'), reason: z.string(), field: z.string(), message: z.string() }),
]);
const answerSchema = z.object({ items: z.tuple([itemSchema]) });

export type DoorAnswer =
  | { readonly kind: 'taken'; readonly verdict: 'accepted' | 'duplicate' }
  | { readonly kind: 'rejected'; readonly reason: string; readonly field: string; readonly message: string }
  | { readonly kind: 'door-away'; readonly message: string };

/** One event through ingest's public HTTP door, and its verdict. */
export async function postEvent(ingestUrl: string, event: unknown): Promise<DoorAnswer> {
  try {
    const body = JSON.stringify(event);
    const response = await fetch(`${ingestUrl}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents+json', ...signed(body) }, body, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    const answer = response.ok ? answerSchema.safeParse(JSON.parse(text)).data : undefined;
    if (!answer) return { kind: 'door-away', message: `ingest at ${ingestUrl} answered ${response.status}: ${text.slice(0, 300)}` };
    const [item] = answer.items;
    if (item.status !== 'rejected') return { kind: 'taken', verdict: item.status };
    return { kind: 'rejected', reason: item.reason, field: item.field, message: item.message };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'door-away', message: `ingest at ${ingestUrl} does not answer: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

/** Where the bank has declared its sources, operators send again with a key of their own. */
function signed(body: string): Record<string, string> {
  const { INGEST_KEY_ID: id, INGEST_KEY_SECRET: secret } = process.env;
  return id && secret ? signedHeaders({ id, secret }, { id: randomUUID(), timeMs: Date.now(), body }) : {};
}

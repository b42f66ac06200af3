import { setTimeout as delay } from 'node:timers/promises';
import type { Envelope } from '@sp/contracts';
import { z } from 'zod';

const verdict = z.object({
  accepted: z.number(),
  duplicates: z.number(),
  rejected: z.number(),
  items: z.array(z.object({ id: z.string().optional(), status: z.string(), reason: z.unknown().optional() })).default([]),
});

export interface DoorCounts {
  accepted: number;
  duplicates: number;
  rejected: number;
  retries: number;
}

export interface IngestDoorOptions {
  readonly url: string;
  /** Called once for each reason for which an event is refused. */
  readonly onNewReason: (reason: string, eventId: string) => void;
  /** Ends every wait; the batch then counts as not sent. */
  readonly signal: AbortSignal;
  readonly requestTimeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

const shortestBackoffMs = 100;
const longestBackoffMs = 5_000;

/**
 * Sends one batch at a time to `POST /v1/events` and repeats it until the door has answered for it. Repeating is safe: an
 * event that had arrived is a duplicate by its identity.
 */
export class IngestDoor {
  readonly counts: DoorCounts = { accepted: 0, duplicates: 0, rejected: 0, retries: 0 };
  private readonly reasons = new Set<string>();

  constructor(private readonly options: IngestDoorOptions) {}

  async send(batch: readonly Envelope[]): Promise<void> {
    const body = JSON.stringify(batch);
    for (let backoffMs = shortestBackoffMs; ; backoffMs = Math.min(longestBackoffMs, backoffMs * 2)) {
      const wait = await this.attempt(body, batch.length);
      if (wait === 'answered') return;
      this.counts.retries++;
      await delay(wait.retryAfterMs ?? backoffMs, undefined, { signal: this.options.signal });
    }
  }

  private async attempt(body: string, events: number): Promise<'answered' | { readonly retryAfterMs?: number }> {
    const answer = await this.post(body);
    if (!answer) return {};
    if (answer.status === 429 || answer.status === 503) return retryAfterOf(answer);
    if (answer.status >= 500) return {};
    this.count(answer.text, answer.status, events);
    return 'answered';
  }

  /** Undefined where the door cannot be reached; an abort is passed on. */
  private async post(body: string): Promise<Answer | undefined> {
    const { url, signal, requestTimeoutMs = 30_000 } = this.options;
    const ended = new AbortController();
    const end = (): void => ended.abort();
    const timer = setTimeout(end, requestTimeoutMs);
    signal.addEventListener('abort', end);
    try {
      signal.throwIfAborted();
      const answer = await fetch(new URL('/v1/events', url), { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body, signal: ended.signal });
      return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() };
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  private count(text: string, status: number, events: number): void {
    const parsed = status < 300 ? verdict.safeParse(parsedJson(text)) : undefined;
    if (!parsed?.success) {
      this.counts.rejected += events;
      return this.note(`HTTP ${status}: ${text.slice(0, 200)}`, `a batch of ${events}`);
    }
    const { accepted, duplicates, rejected, items } = parsed.data;
    this.counts.accepted += accepted;
    this.counts.duplicates += duplicates;
    this.counts.rejected += rejected;
    for (const { status: state, reason, id } of items) if (state === 'rejected') this.note(readable(reason), id ?? '');
  }

  private note(reason: string, eventId: string): void {
    if (this.reasons.has(reason)) return;
    this.reasons.add(reason);
    this.options.onNewReason(reason, eventId);
  }
}

/** Seconds, as our own door says it; a date would be answered by the ordinary backoff. */
function retryAfterOf({ retryAfter }: Answer): { readonly retryAfterMs?: number } {
  const seconds = Number(retryAfter ?? NaN);
  return Number.isFinite(seconds) ? { retryAfterMs: Math.max(shortestBackoffMs, seconds * 1000) } : {};
}

function readable(reason: unknown): string {
  if (typeof reason === 'string') return reason;
  if (typeof reason !== 'object' || reason === null) return String(reason);
  const { code, field, message } = reason as Record<string, unknown>;
  return [code, field, message].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

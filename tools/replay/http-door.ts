import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Refusal } from '@sp/testing';
import type { Door, Verdict } from './door';
import { envelopeOf, type OutgoingEvent } from './produced';

const answerSchema = z.object({
  items: z.array(z.object({ id: z.string(), status: z.enum(['accepted', 'duplicate', 'rejected']), reason: z.string().optional(), field: z.string().optional() })),
});

export interface HttpDoorOptions {
  /** How long the door may stay unreachable before the replay gives up. */
  readonly patienceMs: number;
  readonly answerTimeoutMs: number;
}

/** `POST /v1/events`: asks again with the same ids as long as the door is busy or away, which changes nothing that was taken. */
export class HttpDoor implements Door {
  resentBatches = 0;
  private readonly address: string;

  constructor(url: string, private readonly options: HttpDoorOptions = { patienceMs: 120_000, answerTimeoutMs: 60_000 }) {
    this.address = new URL('/v1/events', url).href;
  }

  async send(events: readonly OutgoingEvent[]): Promise<Verdict[]> {
    const body = JSON.stringify(events.map(envelopeOf));
    const response = await this.untilAnswered(body);
    const { text } = response;
    if (response.status === 413 && events.length > 1) return this.sendHalves(events);
    if (response.status !== 202 && response.status !== 207) throw new Refusal(`${this.address} answered ${response.status}: ${text.slice(0, 300)}`);
    return verdictsOf(text, events, this.address);
  }

  private async sendHalves(events: readonly OutgoingEvent[]): Promise<Verdict[]> {
    const half = Math.ceil(events.length / 2);
    return [...(await this.send(events.slice(0, half))), ...(await this.send(events.slice(half)))];
  }

  /** A connection that broke leaves open whether the batch was taken, and a busy door may have taken a part: the same ids again are safe. */
  private async untilAnswered(body: string): Promise<{ status: number; text: string }> {
    const giveUpAtMs = Date.now() + this.options.patienceMs;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.post(body);
      if (!(answer instanceof Error) && !isBusy(answer.status)) return answer;
      const waitMs = answer instanceof Error ? Math.min(5000, 100 * 2 ** attempt) : answer.retryAfterMs;
      if (Date.now() + waitMs > giveUpAtMs) throw new Refusal(`${this.address} ${answer instanceof Error ? `cannot be reached (${reasonOf(answer)})` : `is busy (${answer.status})`}.`);
      this.resentBatches += 1;
      await delay(waitMs);
    }
  }

  private async post(body: string): Promise<{ status: number; text: string; retryAfterMs: number } | Error> {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    try {
      const response = await fetch(this.address, { method: 'POST', headers, body, signal: AbortSignal.timeout(this.options.answerTimeoutMs) });
      return { status: response.status, text: await response.text(), retryAfterMs: retryAfterMs(response.headers.get('retry-after')) };
    } catch (error) {
      return error as Error;
    }
  }
}

/** The gateway's errors say as little of the batch as a broken connection. */
function isBusy(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** Seconds or a date (RFC 9110); a second where the door says nothing. */
function retryAfterMs(header: string | null): number {
  if (header === null || header.trim() === '') return 1000;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(60_000, Math.max(10, ms)) : 1000;
}

function verdictsOf(text: string, events: readonly OutgoingEvent[], address: string): Verdict[] {
  const answer = answerSchema.safeParse(parseJson(text));
  if (!answer.success) throw new Refusal(`${address} answered without items: ${text.slice(0, 300)}`);
  const { items } = answer.data;
  const isInOrder = items.length === events.length && items.every((item, index) => item.id === events[index]?.id);
  if (!isInOrder) throw new Refusal(`${address} answered for ${items.length} events, and not those ${events.length} that were sent.`);
  return items.map(({ status, reason, field }) => (status === 'rejected' ? { status, reason: [reason ?? 'without a reason', field].filter(Boolean).join(' ') } : { status }));
}

function reasonOf(error: Error): string {
  const cause = error.cause as { code?: string } | undefined;
  return cause?.code ?? error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

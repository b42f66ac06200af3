import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { eventsAnswerSchema, signedHeaders, type EventVerdict, type SigningKey } from '@sp/contracts';
import { backoffMs, retryAfterMs } from './retry-delay';

export interface EventsDoorOptions {
  /** Of the ingest service, such as http://127.0.0.1:3000. */
  readonly url: string;
  /** How long one request may stay unanswered; 60 s. */
  readonly requestTimeoutMs?: number;
  /** How long the same events are sent again and again; 10 min. */
  readonly giveUpAfterMs?: number;
  /** Made anew for every request, since credentials expire. */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Signs every request, where the door asks for it. */
  readonly key?: SigningKey;
  /** Packs the bodies by gzip: about a tenth of the bytes, for some processor time. */
  readonly gzip?: boolean;
  /** Told before every wait. */
  readonly onResend?: (resend: Resend) => void;
  /** Ends every wait; what was not answered is then not delivered. */
  readonly signal?: AbortSignal;
}

/** Why the same events go out again. */
export interface Resend {
  readonly events: number;
  readonly attempt: number;
  readonly waitMs: number;
  /** The status of the answer, or the error of the connection. */
  readonly reason: string;
}

/** No answer in time: the events may or may not have been taken. Sending them again under the same ids is safe. */
export class NotDeliveredError extends Error {
  override readonly name = 'NotDeliveredError';
}

/** The door will not take such a request, however often it comes (for one, without credentials); nothing of it was taken. */
export class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const pack = promisify(gzip);

type Outcome = { readonly kind: 'answered'; readonly verdicts: EventVerdict[] } | { readonly kind: 'too-large' } | { readonly kind: 'again'; readonly reason: string; readonly afterMs?: number };

/**
 * `POST /v1/events`, until the door has answered for every event. A broken connection leaves open what was taken, so the same events go
 * out again under their ids; what had arrived is then told as a duplicate, which is as good as accepted.
 */
export class EventsDoor {
  readonly #address: URL;

  constructor(private readonly options: EventsDoorOptions) {
    this.#address = new URL('/v1/events', options.url);
  }

  /** One verdict an event, in their order; the events are given as JSON. */
  async send(events: readonly string[]): Promise<EventVerdict[]> {
    const giveUpAtMs = Date.now() + (this.options.giveUpAfterMs ?? 600_000);
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(events);
      if (outcome.kind === 'answered') return outcome.verdicts;
      if (outcome.kind === 'too-large') return this.#sendHalves(events);
      const waitMs = Math.max(outcome.afterMs ?? 0, backoffMs(attempt));
      if (Date.now() + waitMs > giveUpAtMs) throw new NotDeliveredError(`${this.#address.href} took no ${events.length} events: ${outcome.reason}`);
      this.options.onResend?.({ events: events.length, attempt, waitMs, reason: outcome.reason });
      await this.#wait(waitMs);
    }
  }

  async #sendHalves(events: readonly string[]): Promise<EventVerdict[]> {
    if (events.length === 1) return [{ id: idOf(events[0]!), status: 'rejected', reason: 'too-large', field: '', message: 'is larger than the door takes in one request' }];
    const half = Math.ceil(events.length / 2);
    return [...(await this.send(events.slice(0, half))), ...(await this.send(events.slice(half)))];
  }

  async #attempt(events: readonly string[]): Promise<Outcome> {
    const { headers, key, requestTimeoutMs = 60_000, signal } = this.options;
    const body = await this.#body(events);
    const own = { ...(key && signedHeaders(key, { id: randomUUID(), timeMs: Date.now(), body })), ...(await headers?.()) };
    try {
      const ended = AbortSignal.any([AbortSignal.timeout(requestTimeoutMs), ...(signal ? [signal] : [])]);
      const response = await fetch(this.#address, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json', ...(this.options.gzip && { 'content-encoding': 'gzip' }), ...own }, body, signal: ended });
      return this.#outcome(response, await response.text(), events);
    } catch (error) {
      if (error instanceof RefusedRequestError) throw error;
      if (signal?.aborted) throw new NotDeliveredError('ended before the door had answered', { cause: error });
      return { kind: 'again', reason: reasonOf(error) };
    }
  }

  async #body(events: readonly string[]): Promise<string | Uint8Array<ArrayBuffer>> {
    const text = `[${events.join(',')}]`;
    return this.options.gzip ? new Uint8Array(await pack(text)) : text;
  }

  #outcome({ status, headers }: Response, text: string, events: readonly string[]): Outcome {
    if (status === 413) return { kind: 'too-large' };
    const afterMs = retryAfterMs(headers.get('retry-after'), Date.now());
    if (status === 408 || status === 429 || status >= 500) return { kind: 'again', reason: `answer ${status}`, ...(afterMs === undefined ? {} : { afterMs }) };
    const answer = status === 202 || status === 207 ? eventsAnswerSchema.safeParse(parsed(text)).data : undefined;
    if (!answer) throw new RefusedRequestError(status, `${this.#address.href} answered ${status}: ${text.slice(0, 300)}`);
    if (answer.items.length !== events.length) throw new RefusedRequestError(status, `${this.#address.href} answered for ${answer.items.length} events, and ${events.length} were sent`);
    return { kind: 'answered', verdicts: answer.items };
  }

  async #wait(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, this.options.signal ? { signal: this.options.signal } : {});
    } catch (error) {
      throw new NotDeliveredError('ended before the door had answered', { cause: error });
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = (error.cause ?? {}) as { code?: string };
  return code ?? error.message;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function idOf(event: string): string {
  const { id } = parsed(event) as { id?: unknown };
  return typeof id === 'string' ? id : '';
}

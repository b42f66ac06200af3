import { setTimeout as delay } from 'node:timers/promises';

export interface WebhookOptions {
  readonly url: string;
  readonly onError: (error: unknown) => void;
}

const attempts = 6;
const firstPauseMs = 1_000;
const answerWithinMs = 5_000;

/** Tells an outside system, trying again with growing pauses; a message that cannot be brought is said in the log. */
export class Webhook {
  constructor(private readonly options: WebhookOptions) {}

  async send(message: object): Promise<boolean> {
    const body = JSON.stringify(message);
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const outcome = await this.try(body);
      if (outcome === 'taken') return true;
      if (outcome === 'refused') break;
      if (attempt < attempts) await delay(firstPauseMs * 2 ** (attempt - 1));
    }
    this.options.onError(new Error('a notification could not be brought to INCIDENT_WEBHOOK_URL'));
    return false;
  }

  /** What the other side refuses with a 4xx will be refused again, but for "not now". A redirect is not followed: it may lead off the list. */
  private async try(body: string): Promise<'taken' | 'refused' | 'failed'> {
    try {
      const { ok, status } = await fetch(this.options.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) });
      if (ok) return 'taken';
      return status < 500 && status !== 408 && status !== 429 ? 'refused' : 'failed';
    } catch {
      return 'failed';
    }
  }
}

/** True where the host is on the list, to the letter; nothing outside of it is ever called. */
export function isAllowedHost(url: string, allowed: readonly string[]): boolean {
  const { protocol, host, hostname } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && (allowed.includes(host) || allowed.includes(hostname));
}

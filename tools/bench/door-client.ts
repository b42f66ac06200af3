import type { LineEvent } from '@sp/contracts';
import { Agent, request } from 'node:http';
import { envelopeOf } from './event-mix';

/** A bank at the HTTP door: kept connections, batches in JSON, the same batch again where the door asks for patience. */
export class DoorClient {
  readonly #agent: Agent;

  constructor(
    private readonly url: string,
    private readonly connections = 4,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Posts the batches until the time is up, as many at once as there are connections, and answers how many; their order is the door's. */
  async postAll(bodies: readonly string[], longestMs = Infinity): Promise<number> {
    const endsAtMs = performance.now() + longestMs;
    let next = 0;
    const take = async (): Promise<void> => {
      while (next < bodies.length && performance.now() < endsAtMs) await this.post(bodies[next++]!);
    };
    await Promise.all(Array.from({ length: this.connections }, take));
    return next;
  }

  async post(body: string): Promise<void> {
    for (;;) {
      const status = await this.#send(body);
      if (status === 202) return;
      if (status !== 503 && status !== 429) throw new Error(`the door answered ${status}`);
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(body: string): Promise<number> {
    return new Promise((settle, refuse) => {
      const headers = { 'content-type': 'application/cloudevents-batch+json', 'content-length': Buffer.byteLength(body) };
      const sent = request(`${this.url}/v1/events`, { method: 'POST', agent: this.#agent, headers }, (response) => {
        response.resume();
        response.once('end', () => settle(response.statusCode ?? 0));
      });
      sent.once('error', refuse);
      sent.end(body);
    });
  }
}

export function bodiesOf(events: readonly LineEvent[], batchEvents: number): string[] {
  const bodies: string[] = [];
  for (let first = 0; first < events.length; first += batchEvents) bodies.push(JSON.stringify(events.slice(first, first + batchEvents).map(envelopeOf)));
  return bodies;
}

import type { LineEvent } from '@sp/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { envelopeOf, EventMix, referenceEvents } from '../bench/event-mix';

const batchEvents = 50;
const betweenBatchesMs = 20;
const answerWithinMs = 30_000;

/**
 * A bank that loses nothing of its own: one batch after another, each sent again until the door has answered for every event of it. What it was
 * answered for is what must be found afterwards.
 */
export class SteadyBank {
  readonly acknowledged: LineEvent[] = [];
  /** Answers that were none, or asked for patience. */
  turnedAway = 0;
  readonly #mix = new EventMix('chaos');
  #running: Promise<void> | undefined;
  #isEnding = false;

  constructor(private readonly ingestUrl: string) {}

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the batch under way has its answer. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    await this.#send(referenceEvents());
    while (!this.#isEnding) {
      await this.#send(this.#mix.take(batchEvents));
      await pause(betweenBatchesMs);
    }
  }

  async #send(events: readonly LineEvent[]): Promise<void> {
    const body = JSON.stringify(events.map(envelopeOf));
    for (;;) {
      const refused = await this.#post(body);
      if (refused === 0) break;
      if (refused > 0) throw new Error(`the door refused ${refused} events of a batch that is right`);
      this.turnedAway++;
      await pause(200);
    }
    this.acknowledged.push(...events);
  }

  /** How many it refused; -1 where there was no answer for them. */
  async #post(body: string): Promise<number> {
    try {
      const response = await fetch(`${this.ingestUrl}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body, signal: AbortSignal.timeout(answerWithinMs) });
      if (response.status !== 202 && response.status !== 207) return -1;
      return ((await response.json()) as { rejected: number }).rejected;
    } catch {
      return -1;
    }
  }
}

import { deadLetters, hashId, maskCardNumbers } from '@sp/contracts';
import { metrics } from '@sp/platform';
import type { NatsConnection } from 'nats';
import type { RejectedItem } from './line-door';

/** Original bytes kept of one bad event, in characters. */
const maximumPayload = 4_096;
/** One message stays well below the server's limit. */
const itemsAMessage = 500;

export interface DeadLetter {
  readonly id: string;
  readonly stage: string;
  /** The door, or the stream and position that it came by. */
  readonly origin: string;
  readonly eventId: string;
  readonly reason: string;
  readonly field: string;
  readonly detail: string;
  /** The original as JSON, masked and cut. */
  readonly payload: string;
  /** ISO 8601, when it was refused. */
  readonly time: string;
}

/** Keeps what was refused, masked, for a person to look at: `dead-letters.ingest`. Its failure is counted, it never holds up the door. */
export class DeadLetterBox {
  constructor(private readonly connection: NatsConnection) {}

  put(items: readonly RejectedItem[], origin: string): void {
    for (const { reject } of items) metrics.eventsRejected.inc({ reason: reject.code });
    for (let first = 0; first < items.length; first += itemsAMessage) void this.#publish(items.slice(first, first + itemsAMessage), origin);
  }

  async #publish(items: readonly RejectedItem[], origin: string): Promise<void> {
    const letters: DeadLetter[] = items.map(({ value, id, reject }) => {
      const payload = maskCardNumbers(JSON.stringify(value) ?? '').slice(0, maximumPayload);
      return { id: hashId('dl', origin, id, payload), stage: 'ingest', origin, eventId: id, reason: reject.code, field: reject.field, detail: reject.message, payload, time: new Date().toISOString() };
    });
    const message = JSON.stringify(letters);
    try {
      await this.connection.jetstream().publish(deadLetters.subject('ingest'), message, { msgID: hashId('dm', message.replace(/"time":"[^"]*"/g, '')) });
    } catch {
      metrics.eventsRejected.inc({ reason: 'dead-letter-not-kept' }, items.length);
    }
  }
}

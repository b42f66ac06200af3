import { deadLetterOf, deadLetters, hashId, type DeadLetter, type RefusalOrigin } from '@sp/contracts';
import { metrics, pauseBeforeRetry } from '@sp/platform';
import { NatsError, type NatsConnection } from 'nats';
import type { RejectedItem } from './offered-batch';
import { MalformedText } from './public-item';

/** One message stays below 1 MB, the smallest limit that a server has by default; one letter at its largest is under half of it. */
const maximumMessageBytes = 900_000;
/** What may be under way to the stream; more than that is counted as not kept rather than gathered in memory. */
const maximumPendingBytes = 67_108_864;
const attempts = 4;

/** Keeps what was refused, masked, for a person to look at: `dead-letters.ingest`. Its failure is counted, it never holds up the door. */
export class DeadLetterBox {
  readonly #pending = new Set<Promise<void>>();
  #pendingBytes = 0;

  constructor(private readonly connection: NatsConnection) {}

  put(items: readonly RejectedItem[], origin: RefusalOrigin): void {
    const timeMs = Date.now();
    for (const { reject } of items) metrics.eventsRejected.inc({ reason: reject.code });
    const letters = [...items].sort((a, b) => a.item - b.item).map(({ value, item, reject }) => deadLetterOf({ original: value instanceof MalformedText ? { text: value.text } : { value }, reject, origin, item, timeMs }));
    for (const message of messagesOf(letters)) this.#send(message);
  }

  /** Settles when everything put so far is kept or counted as lost. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #send(message: Message): void {
    if (this.#pendingBytes + message.text.length > maximumPendingBytes) return void metrics.deadLettersNotKept.inc(message.letters);
    this.#pendingBytes += message.text.length;
    const sending = this.#publish(message).finally(() => {
      this.#pendingBytes -= message.text.length;
      this.#pending.delete(sending);
    });
    this.#pending.add(sending);
  }

  async #publish({ text, id, letters }: Message): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        await this.connection.jetstream().publish(deadLetters.subject('ingest'), text, { msgID: id });
        return;
      } catch (error) {
        // The server's own answer, such as a full stream, does not change by asking again.
        if (error instanceof NatsError && error.api_error) break;
        await pauseBeforeRetry(attempt);
      }
    }
    metrics.deadLettersNotKept.inc(letters);
  }
}

interface Message {
  readonly text: string;
  /** Made of the letters' ids and positions alone, so that the same refusals sent again are recognised by the stream. */
  readonly id: string;
  readonly letters: number;
}

function messagesOf(letters: readonly DeadLetter[]): Message[] {
  const messages: Message[] = [];
  let open: { texts: string[]; names: string[]; bytes: number } = { texts: [], names: [], bytes: 0 };
  const close = (): void => {
    if (open.texts.length > 0) messages.push({ text: `[${open.texts.join(',')}]`, id: hashId('dm', ...open.names), letters: open.texts.length });
    open = { texts: [], names: [], bytes: 0 };
  };
  for (const letter of letters) {
    const text = JSON.stringify(letter);
    const bytes = Buffer.byteLength(text) + 1;
    if (open.bytes + bytes > maximumMessageBytes) close();
    open.texts.push(text);
    open.names.push(letter.id, letter.position);
    open.bytes += bytes;
  }
  close();
  return messages;
}

import { deadLetters, hashId, readDeadLetterEntries, type DeadLetter, type DeadLetterDropped, type DeadLetterEntry, type DeadLetterPlace, type DeadLetterReplayed } from '@sp/contracts';
import { DeliverPolicy, NatsError, type NatsConnection } from 'nats';

const noStream = 10059;
const noMessage = 10037;

/** One message of the stream; an entry that cannot be read leaves its place empty. */
export interface DeadLetterMessage {
  readonly sequence: number;
  readonly entries: readonly (DeadLetterEntry | undefined)[];
}

/** The stream DEAD_LETTERS as its readers need it: messages in order, one letter whole, what became of one. */
export class DeadLetterLog {
  constructor(private readonly connection: NatsConnection) {}

  /** Everything from a sequence on, up to what was there at the start, or going on for ever; nothing where there is no stream yet. */
  async *read(from: number, { follow, signal }: { readonly follow: boolean; readonly signal: AbortSignal }): AsyncIterable<DeadLetterMessage> {
    const state = await this.#state();
    if (!state || (!follow && (state.messages === 0 || state.last_seq < from))) return;
    const consumer = await this.connection.jetstream().consumers.get(deadLetters.stream, { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, from) });
    const messages = await consumer.consume({ max_messages: 128, idle_heartbeat: 1_000, expires: 10_000 });
    const stop = (): void => void messages.close();
    signal.addEventListener('abort', stop);
    try {
      if (signal.aborted) return;
      for await (const message of messages) {
        yield { sequence: message.seq, entries: readDeadLetterEntries(message.data) };
        if (!follow && (message.seq >= state.last_seq || message.info.pending === 0)) return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      void messages.close();
    }
  }

  /** The whole letter; undefined where the stream's retention has taken it. */
  async letter({ sequence, item }: DeadLetterPlace): Promise<DeadLetter | undefined> {
    const manager = await this.connection.jetstreamManager();
    try {
      const entry = readDeadLetterEntries((await manager.streams.getMessage(deadLetters.stream, { seq: sequence })).data)[item];
      return entry?.kind === 'refused' ? entry : undefined;
    } catch (error) {
      if (codeOf(error) === noMessage) return undefined;
      throw error;
    }
  }

  /** Says what became of a letter. Said twice it stands once, and readers keep the first. */
  async append(entry: DeadLetterReplayed | DeadLetterDropped): Promise<void> {
    await this.connection.jetstream().publish(deadLetters.stateSubject, JSON.stringify([entry]), { msgID: hashId('ds', entry.kind, entry.id) });
  }

  async #state(): Promise<{ readonly messages: number; readonly last_seq: number } | undefined> {
    try {
      return (await (await this.connection.jetstreamManager()).streams.info(deadLetters.stream)).state;
    } catch (error) {
      if (codeOf(error) === noStream) return undefined;
      throw error;
    }
  }
}

function codeOf(error: unknown): number | undefined {
  return error instanceof NatsError ? error.api_error?.err_code : undefined;
}

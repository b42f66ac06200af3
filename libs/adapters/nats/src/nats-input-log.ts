import type { InputLog, LogMessage } from '@sp/dataflow';
import { DeliverPolicy, type ConsumerMessages, type NatsConnection } from 'nats';

/** The reader's next message is gone by retention: what it has not read is lost to it, so it must not go on silently. */
export class LogGapError extends Error {
  override readonly name = 'LogGapError';
}

/** Reads one stream in order through an ordered consumer: no acknowledgements, positions are the reader's own. */
export class NatsInputLog implements InputLog {
  constructor(
    private readonly connection: NatsConnection,
    private readonly stream: string,
  ) {}

  async *read(from: number, signal: AbortSignal): AsyncIterable<LogMessage> {
    const messages = await this.#consume(from);
    const stop = (): void => void messages.close();
    signal.addEventListener('abort', stop);
    let expected = from;
    try {
      for await (const message of messages) {
        if (message.seq !== expected) throw new LogGapError(`${this.stream}: message ${expected} is gone, the next one kept is ${message.seq}; its retention has passed this reader`);
        expected++;
        yield { sequence: message.seq, pending: message.info.pending, bytes: message.data };
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      void messages.close();
    }
  }

  async #consume(from: number): Promise<ConsumerMessages> {
    const consumers = this.connection.jetstream().consumers;
    const consumer = await consumers.get(this.stream, { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from, inactive_threshold: 30_000 });
    return consumer.consume({ max_messages: 128, idle_heartbeat: 1_000, expires: 10_000 });
  }
}

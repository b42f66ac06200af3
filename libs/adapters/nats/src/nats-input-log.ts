import type { InputLog, LogMessage } from '@sp/dataflow';
import { DeliverPolicy, type ConsumerMessages, type NatsConnection } from 'nats';

/** The reader's position and the log do not fit together: it must not go on silently. */
export class LogPositionError extends Error {}

/** The reader's next message is gone by retention: what it has not read is lost to it. */
export class LogGapError extends LogPositionError {
  override readonly name = 'LogGapError';
}

/** The reader has read more than the log ever held: the log is another one, made anew or brought back from a copy. */
export class BeyondLogEndError extends LogPositionError {
  override readonly name = 'BeyondLogEndError';
}

/** Reads one stream in order through an ordered consumer: no acknowledgements, positions are the reader's own. */
export class NatsInputLog implements InputLog {
  constructor(
    private readonly connection: NatsConnection,
    private readonly stream: string,
  ) {}

  async *read(from: number, signal: AbortSignal): AsyncIterable<LogMessage> {
    await this.#checkEnd(from);
    const messages = await this.#consume(from);
    const stop = (): void => void messages.close();
    signal.addEventListener('abort', stop);
    let expected = from;
    try {
      // The end may have come while the consumer was made: nobody would call the listener any more.
      if (signal.aborted) return;
      for await (const message of messages) {
        if (message.seq < expected) throw this.#beyondEnd(expected, message.seq);
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

  /** Asked for a message behind the next one to come, the server would deliver that one. */
  async #checkEnd(from: number): Promise<void> {
    const { state } = await (await this.connection.jetstreamManager()).streams.info(this.stream);
    if (from > state.last_seq + 1) throw this.#beyondEnd(from, state.last_seq);
  }

  #beyondEnd(from: number, last: number): BeyondLogEndError {
    return new BeyondLogEndError(`${this.stream}: the reader stands before message ${from}, and the log ends at ${last}; it is not the log that the reader's state was made from. Begin both anew (npm start -- --fresh), or bring back the one that belongs to the other`);
  }

  async #consume(from: number): Promise<ConsumerMessages> {
    const consumers = this.connection.jetstream().consumers;
    const consumer = await consumers.get(this.stream, { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from, inactive_threshold: 30_000 });
    return consumer.consume({ max_messages: 128, idle_heartbeat: 1_000, expires: 10_000 });
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { offerIssuedSchema, offersDoor, type IssuedOffer, type OfferIssuedEvent } from '@sp/contracts';
import { connect, DeliverPolicy, type ConsumerMessages, type JsMsg, type NatsConnection } from 'nats';

export interface FollowOffersOptions {
  /** A NATS server's address, or a connection of one's own (which stays open). */
  readonly nats: string | NatsConnection;
  /** Position of the last offer that was dealt with; 0 (the default) begins with the oldest that is kept. */
  readonly after?: number;
  /** Ends the iteration. */
  readonly signal: AbortSignal;
  /** A message that is no offer; it is passed over. */
  readonly onUnreadable?: (text: string, position: number) => void;
}

export interface FollowedOffer {
  readonly offer: IssuedOffer;
  readonly event: OfferIssuedEvent;
  /** Store it with what was done about the offer, and go on `after` it. */
  readonly position: number;
  /** Offers between this one and the one before that are no longer kept: the follower was away for longer than that. */
  readonly missed: number;
}

const lookAgainMs = 500;

/**
 * Issued offers in the stream's order, each once as long as the follower keeps his position; goes on by itself when the server or the
 * stream is away. One who takes his time holds nobody up: what he has not read waits in the stream.
 */
export async function* followOffers(options: FollowOffersOptions): AsyncGenerator<FollowedOffer, void, void> {
  const { nats, signal } = options;
  const connection = typeof nats === 'string' ? await connected(nats, signal) : nats;
  if (!connection) return;
  try {
    let position = options.after ?? 0;
    while (!signal.aborted && !connection.isClosed()) {
      for await (const message of messagesAfter(connection, position, signal)) {
        const missed = missedBetween(position, message.seq);
        position = message.seq;
        const event = read(message, options);
        if (event) yield { offer: event.data, event, position, missed };
        if (signal.aborted) return;
      }
      await delay(lookAgainMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    if (typeof nats === 'string') await connection.close();
  }
}

/** Tries until there is a server, or the follower is told to end. */
async function connected(address: string, signal: AbortSignal): Promise<NatsConnection | undefined> {
  while (!signal.aborted) {
    const connection = await connect({ servers: address, name: 'offers-follower', maxReconnectAttempts: -1, reconnectTimeWait: lookAgainMs }).catch(() => undefined);
    if (connection) return connection;
    await delay(lookAgainMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Who has no position yet misses nothing; a stream that begins anew counts from 1 again. */
function missedBetween(position: number, sequence: number): number {
  if (position === 0) return 0;
  return sequence > position ? sequence - position - 1 : sequence - 1;
}

/** Ends where the stream or the server is away; the caller looks again. */
async function* messagesAfter(connection: NatsConnection, position: number, signal: AbortSignal): AsyncGenerator<JsMsg, void, void> {
  const messages = await open(connection, position).catch(() => undefined);
  if (!messages) return;
  const stop = (): void => void messages.stop();
  signal.addEventListener('abort', stop);
  try {
    if (!signal.aborted) yield* messages;
  } catch {
    // Lost on the way: what was not read is read again from the position.
  } finally {
    signal.removeEventListener('abort', stop);
    messages.stop();
  }
}

/** A stream that ends before our position is a new one, of an emptied line: it is read from its start. */
async function open(connection: NatsConnection, position: number): Promise<ConsumerMessages> {
  const { state } = await (await connection.jetstreamManager()).streams.info(offersDoor.stream);
  const start = state.last_seq < position ? 1 : position + 1;
  const consumer = await connection.jetstream().consumers.get(offersDoor.stream, { filterSubjects: offersDoor.subjects, deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start });
  return consumer.consume({ idle_heartbeat: 1_000, max_messages: 200 });
}

function read(message: JsMsg, { onUnreadable }: FollowOffersOptions): OfferIssuedEvent | undefined {
  const text = message.string();
  try {
    return offerIssuedSchema.parse(JSON.parse(text));
  } catch {
    onUnreadable?.(text, message.seq);
    return undefined;
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { natsAddress, offersDoor, termsSchema } from '@sp/contracts';
import { connect, DeliverPolicy, type Consumer, type ConsumerMessages, type JsMsg, type NatsConnection } from 'nats';
import { z } from 'zod';
import type { ReceivedOffer } from './world/received-offer';

const issued = z.object({
  type: z.literal('offer.issued'),
  subject: z.string(),
  time: z.iso.datetime({ offset: true }),
  data: z.object({
    offerId: z.string(), clientId: z.string().optional(), merchantId: z.string(), campaignId: z.string(), terms: termsSchema, validUntil: z.iso.datetime({ offset: true }), arm: z.string(),
  }),
});

/** Between looks for a stream that is not there yet. */
const lookAgainMs = 500;
/** As long as a settling line is waited for. */
const longestSettleMs = 10_000;

/** Reads the bank's offers in the stream's order and keeps them until they are taken; what it has read is a position, not an acknowledgement. */
export class OffersReader {
  /** Sequence of the last offer that was taken. */
  position: number;
  received = 0;
  unreadable = 0;
  private arrived: { readonly sequence: number; readonly offers: readonly ReceivedOffer[] }[] = [];
  private lastArrived: number;
  private connection: NatsConnection | undefined;
  private consumer: Consumer | undefined;
  private messages: ConsumerMessages | undefined;

  constructor(private readonly options: { readonly natsUrl: string; readonly startAfter: number; readonly signal: AbortSignal }) {
    this.position = options.startAfter;
    this.lastArrived = options.startAfter;
  }

  /** The line may start later than the bank: NATS and the stream are waited for in the background. */
  start(): void {
    void this.follow();
  }

  /** What came since the last call. */
  take(): ReceivedOffer[] {
    const taken = this.arrived;
    this.arrived = [];
    this.position = taken.at(-1)?.sequence ?? this.position;
    return taken.flatMap(({ offers }) => offers);
  }

  /** Until the stream has been found; bounded. */
  async ready(): Promise<void> {
    for (const until = Date.now() + longestSettleMs; Date.now() < until && !this.consumer; ) await delay(50, undefined, { signal: this.options.signal });
  }

  /** Until nothing more is on its way, as far as the server knows; bounded. */
  async settle(): Promise<void> {
    for (const until = Date.now() + longestSettleMs; Date.now() < until; await delay(20)) {
      if (!this.consumer || !this.connection) return;
      // The stream's own end: a consumer hears of a message a moment after the stream has it.
      const stream = await this.connection.jetstreamManager().then((manager) => manager.streams.info(offersDoor.stream)).catch(() => undefined);
      if (!stream || stream.state.last_seq <= this.lastArrived) return;
    }
  }

  async close(): Promise<void> {
    this.messages?.stop();
    await this.connection?.close();
  }

  private async follow(): Promise<void> {
    const { natsUrl, signal } = this.options;
    while (!signal.aborted && !this.connection?.isClosed()) {
      try {
        this.connection ??= await connect({ ...natsAddress(natsUrl), name: 'bank-simulator', maxReconnectAttempts: -1, reconnectTimeWait: lookAgainMs });
        this.consumer = await this.connection.jetstream().consumers.get(offersDoor.stream, await this.startOptions(this.connection));
        this.messages = await this.consumer.consume({ idle_heartbeat: 1_000, max_messages: 500 });
        for await (const message of this.messages) this.keep(message);
      } catch {
        // No stream, or no server, at the moment: the next look decides.
      }
      this.consumer = undefined;
      await delay(lookAgainMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A stream that ends before our position is a new one: the line was emptied, so it is read from its start. */
  private async startOptions(connection: NatsConnection) {
    const manager = await connection.jetstreamManager();
    const { state } = await manager.streams.info(offersDoor.stream);
    if (state.last_seq < this.lastArrived) this.lastArrived = 0;
    return { filterSubjects: offersDoor.subjects, deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.lastArrived + 1 };
  }

  private keep(message: JsMsg): void {
    if (message.seq <= this.lastArrived) return;
    const offers = this.parse(message);
    this.received += offers.length;
    this.lastArrived = message.seq;
    this.arrived.push({ sequence: message.seq, offers });
  }

  /** One CloudEvent or an array of them. */
  private parse(message: JsMsg): ReceivedOffer[] {
    let body: unknown;
    try {
      body = message.json();
    } catch {
      this.unreadable++;
      return [];
    }
    const parsed = (Array.isArray(body) ? body : [body]).map((event) => issued.safeParse(event));
    this.unreadable += parsed.filter(({ success }) => !success).length;
    return parsed.flatMap(({ data: event }) => (event ? [{ ...event.data, clientId: event.data.clientId ?? event.subject, issuedMs: Date.parse(event.time) }] : []));
  }
}

import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { decisionAnswers, offersDoor, ownSource, readDecision, stageLog, type DecisionAnswer, type DecisionMade, type DecisionRecord, type OfferIssued } from '@sp/contracts';
import { decodeFrame, type LogMessage } from '@sp/dataflow';
import { LmdbStateStore } from '@sp/lmdb';
import { LogPositionError, NatsInputLog } from '@sp/nats';
import { keepTrying } from '@sp/platform';
import { headers, NatsError, type NatsConnection } from 'nats';
import { join } from 'node:path';

const placeHeader = 'Line-Place';
const noMessage = 10037;

export interface OffersEgressOptions {
  readonly connection: NatsConnection;
  readonly dataFolder: string;
  readonly partition: number;
}

/** Place of an offer in the recommender's log: frame, and ordinal inside it. */
interface Place {
  readonly sequence: number;
  readonly ordinal: number;
}

/**
 * Carries what leaves the line out of the recommender's log: issued offers to the stream OFFERS, answers to those who asked.
 * Every offer names its place in the log; the last one in the stream says where to go on, so that each goes out once.
 * Answers are sent for frames that were logged after this process began; a replay answers nobody.
 */
export class OffersEgress implements BeforeApplicationShutdown {
  readonly #ending = new AbortController();
  readonly #store: LmdbStateStore;
  readonly #running: Promise<void>;
  readonly #subject: string;

  constructor(private readonly options: OffersEgressOptions) {
    this.#store = new LmdbStateStore(join(options.dataFolder, `offers-egress-${options.partition}`));
    this.#subject = offersDoor.subject(options.partition);
    this.#running = keepTrying(this.#ending.signal, () => this.#carry(), endOnGap);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await this.#store.close();
  }

  async #carry(): Promise<void> {
    const { connection, partition } = this.options;
    const { stream } = stageLog('recommender', partition);
    const manager = await connection.jetstreamManager();
    const logged = (await manager.streams.info(stream)).state.last_seq;
    let last = await this.#lastPlace();
    const from = Math.max(this.#store.position().input + 1, last.sequence);
    for await (const message of new NatsInputLog(connection, stream).read(from, this.#ending.signal)) {
      last = await this.#carryFrame(message, last, message.sequence > logged);
      if (message.pending === 0 || message.sequence % 64 === 0) await this.#store.commit({ position: { input: message.sequence, output: 0 }, values: new Map(), timers: new Map() });
    }
  }

  async #carryFrame(message: LogMessage, last: Place, isLive: boolean): Promise<Place> {
    let reached = last;
    for (const [ordinal, event] of decodeFrame(message.bytes).events.entries()) {
      if (event.type === 'decision.made' && isLive) await this.#answer(event);
      if (event.type !== 'offer.issued' || !isAfter({ sequence: message.sequence, ordinal }, last)) continue;
      await this.#issue(event, { sequence: message.sequence, ordinal });
      reached = { sequence: message.sequence, ordinal };
    }
    return reached;
  }

  /** Kept before it is sent, so that who asks again, by the same request id, is answered alike. */
  async #answer({ data: { replySubject, ...record } }: DecisionMade): Promise<void> {
    if (replySubject === undefined) return;
    const answers = await this.options.connection.jetstream().views.kv(decisionAnswers.bucket, { ttl: decisionAnswers.keptMs });
    const answer = JSON.stringify(answerOf(readDecision(record)));
    await answers.put(record.triggerEventId, answer);
    this.options.connection.publish(replySubject, answer);
  }

  async #issue(offer: OfferIssued, { sequence, ordinal }: Place): Promise<void> {
    const { id, subject, timeMs, data, type } = offer;
    const header = headers();
    header.set('Nats-Msg-Id', id);
    header.set(placeHeader, `${sequence}:${ordinal}`);
    const cloudEvent = { specversion: '1.0', id, source: ownSource, type, subject, time: new Date(timeMs).toISOString(), data };
    await this.options.connection.jetstream().publish(this.#subject, JSON.stringify(cloudEvent), { headers: header });
  }

  async #lastPlace(): Promise<Place> {
    const manager = await this.options.connection.jetstreamManager();
    try {
      const message = await manager.streams.getMessage(offersDoor.stream, { last_by_subj: this.#subject });
      const [sequence, ordinal] = message.header.get(placeHeader).split(':').map(Number);
      return { sequence: sequence ?? 0, ordinal: ordinal ?? -1 };
    } catch (error) {
      if (error instanceof NatsError && error.api_error?.err_code === noMessage) return { sequence: 0, ordinal: -1 };
      throw error;
    }
  }
}

function answerOf({ inputs: _, considered, ...record }: DecisionRecord): DecisionAnswer {
  return {
    ...record,
    considered: considered.map(({ campaignId, merchantId, terms, retrievedBy, conversion, valueMinor, propensity, removedBy, finding }) => ({
      campaignId, merchantId, terms, retrievedBy, conversion, valueMinor, propensity, ...(removedBy && { removedBy }), ...(finding && { finding }),
    })),
  };
}

/** Offers that were decided and cannot be read any more are not passed over in silence. */
function endOnGap(error: unknown): void {
  if (!(error instanceof LogPositionError)) return;
  new Logger('offers egress').fatal(error.message);
  process.exit(70);
}

function isAfter(place: Place, last: Place): boolean {
  return place.sequence > last.sequence || (place.sequence === last.sequence && place.ordinal > last.ordinal);
}

import { Body, Controller, Headers, Inject, Post, Res } from '@nestjs/common';
import { maskCardNumbers, type EventsAnswer } from '@sp/contracts';
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { count } from '../bank-subscription';
import type { IngestConfig } from '../ingest.config';
import { SourceBusyError, type FairGate } from '../fair-gate';
import type { BatchFrom, LineDoor, Offered } from '../line-door';
import { LineBusyError, type ItemResult } from '../offered-batch';
import { MalformedText } from '../public-item';
import type { DoorKeeper } from '../sources/door-keeper';
import type { DeclaredSource } from '../sources/source-declarations';
import { DOOR_KEEPER, FAIR_GATE, INGEST_CONFIG, LINE_DOOR } from '../tokens';
import { discardRest, type IncomingBody } from './bodies';
import { BodyError } from './body-error';
import { readBatches } from './read-body';

/** Batches of one request on their way to the log; the next is read while these are written. */
const batchesUnderWay = 4;
/** Then its sender is asked to come again: what was taken is known by its ids. */
const longestAnswerMs = 20_000;

/** `POST /v1/events`: one event, an array or NDJSON, plain or gzip; read piece by piece, answered when the events are durable in the line. */
@Controller('v1/events')
export class EventsController {
  constructor(
    @Inject(LINE_DOOR) private readonly door: LineDoor,
    @Inject(DOOR_KEEPER) private readonly keeper: DoorKeeper,
    @Inject(FAIR_GATE) private readonly gate: FairGate,
    @Inject(INGEST_CONFIG) private readonly config: IngestConfig,
  ) {}

  @Post()
  async post(@Headers() headers: IncomingHttpHeaders, @Body() body: IncomingBody | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<EventsAnswer | { message: string }> {
    if (!body) return this.#refuse(reply, 400, 'no event in the body');
    const admission = await this.keeper.admit(headers, body);
    if ('refused' in admission) return this.#turnAway(reply, body, admission.refused);
    const { items, ending } = await this.#take(admission.body, admission.source);
    if (ending) discardRest(body, this.config.BODY_LIMIT_BYTES);
    if (ending instanceof SourceBusyError || ending instanceof LineBusyError) return this.#busy(reply, ending);
    if (ending instanceof BodyError && (items.length === 0 || ending.status === 413)) return this.#refuse(reply, ending.status, ending.message);
    if (ending instanceof BodyError) items.push(...(await this.#refuseRest(ending, items.length)));
    else if (ending) throw ending;
    const counts = count(items);
    reply.status(counts.accepted === items.length ? 202 : 207);
    return { ...counts, items };
  }

  /** Verdicts in the order of the items, and what ended the reading before its end. */
  async #take(body: IncomingBody, source: DeclaredSource | undefined): Promise<{ items: ItemResult[]; ending?: unknown }> {
    const origin = { door: 'http', request: randomUUID() } as const;
    const items: ItemResult[] = [];
    const underWay: Offered['settled'][] = [];
    let offered = 0;
    try {
      for await (const batch of readBatches(body, { wireBytes: this.config.BODY_LIMIT_BYTES, plainBytes: this.config.PLAIN_BODY_LIMIT_BYTES })) {
        underWay.push((await this.#offer(batch, { origin, firstItem: offered, ...(source && { refuses: (event) => source.refuses(event) }) }, source?.name)).settled);
        offered += batch.length;
        if (underWay.length >= batchesUnderWay) items.push(...(await soon(underWay.shift()!)));
      }
      for (const settled of underWay.splice(0)) items.push(...(await soon(settled)));
      return { items };
    } catch (ending) {
      const rest = await Promise.allSettled(underWay.map(soon));
      const failed = rest.find((result) => result.status === 'rejected');
      if (failed) return { items, ending: failed.reason as unknown };
      for (const result of rest) if (result.status === 'fulfilled') items.push(...result.value);
      return { items, ending };
    }
  }

  async #offer(batch: readonly unknown[], from: BatchFrom, sourceName = sourceOf(batch[0])): Promise<Offered> {
    const leave = await this.gate.enter(sourceName, batch.length);
    try {
      const offered = await this.door.offer(batch, from);
      offered.settled.then(leave, leave);
      return offered;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** A body that breaks off after some of its events were taken: one more verdict says where, and that nothing after it was read. */
  async #refuseRest({ message, text }: BodyError, read: number): Promise<ItemResult[]> {
    const { settled } = await this.door.offer([new MalformedText(`item ${read + 1} and all after it`, text === '' ? message : text)], { origin: { door: 'http', request: randomUUID() }, firstItem: read });
    return [...(await settled)];
  }

  #turnAway(reply: FastifyReply, body: IncomingBody, why: string): { message: string } {
    discardRest(body, this.config.BODY_LIMIT_BYTES);
    reply.header('www-authenticate', 'SP-HMAC-SHA256');
    return this.#refuse(reply, 401, why);
  }

  #busy(reply: FastifyReply, error: SourceBusyError | LineBusyError): { message: string } {
    reply.header('retry-after', '1');
    const again = 'send the same events again after a second; what was taken is recognised by its ids';
    return error instanceof SourceBusyError ? this.#refuse(reply, 429, `this source sends more than its share: ${again}`) : this.#refuse(reply, 503, `the line is full: ${again}`);
  }

  #refuse(reply: FastifyReply, status: number, message: string): { message: string } {
    reply.status(status);
    return { message: maskCardNumbers(message) };
  }
}

/** Without a key it is as the sender calls himself; one that is not to be read is a source like another. */
function sourceOf(value: unknown): string {
  const source = typeof value === 'object' && value !== null && Object.hasOwn(value, 'source') ? (value as { readonly source: unknown }).source : undefined;
  return typeof source === 'string' ? source.slice(0, 64) : '';
}

/** The log may be away for long: a sender who hears nothing cannot know that he is to wait. */
async function soon<T>(settled: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new LineBusyError('the log does not answer')), longestAnswerMs);
  });
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

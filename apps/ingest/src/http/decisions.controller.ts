import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { decisionAnswers, decisionRequestPurposes, decisionRequestSchema, hashId, maskCardNumbers, maximumItemBytes, refusalOfShape, type DecisionAnswer } from '@sp/contracts';
import { inboxOf } from '@sp/nats';
import type { FastifyReply } from 'fastify';
import type { NatsConnection, Subscription } from 'nats';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { IngestConfig } from '../ingest.config';
import type { LineClock } from '../line-clock';
import { decisionRequest, type LineDoor } from '../line-door';
import type { DoorKeeper } from '../sources/door-keeper';
import { DOOR_KEEPER, INGEST_CONFIG, LINE_CLOCK, LINE_DOOR, NATS } from '../tokens';
import { discardRest, type IncomingBody } from './bodies';
import { readText } from './read-body';

/** `POST /v1/decisions`: the decision for this client now. The request travels the line like any event; the answer comes back on a reply subject. */
@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    @Inject(LINE_DOOR) private readonly door: LineDoor,
    @Inject(DOOR_KEEPER) private readonly keeper: DoorKeeper,
    @Inject(LINE_CLOCK) private readonly clock: LineClock,
    @Inject(NATS) private readonly connection: NatsConnection,
    @Inject(INGEST_CONFIG) private readonly config: IngestConfig,
  ) {}

  @Post()
  @HttpCode(200)
  async post(@Headers() headers: IncomingHttpHeaders, @Body() body: IncomingBody | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<DecisionAnswer | { message: string }> {
    const admission = body && (await this.keeper.admit(headers, body));
    if (admission && ('refused' in admission || admission.source?.mayAskForDecisions === false)) {
      discardRest(body, 2 * maximumItemBytes);
      reply.status('refused' in admission ? 401 : 403);
      return { message: 'refused' in admission ? admission.refused : 'this key is not declared to ask for decisions' };
    }
    const request = await readRequest(admission?.body);
    if ('problem' in request) {
      reply.status(400);
      return { message: request.problem };
    }
    const decision = await this.#decide(request);
    if (decision) return decision;
    reply.status(504);
    return { message: `no decision within ${this.config.DECISION_DEADLINE_MS} ms; ask again with the same requestId for the same decision` };
  }

  async #decide({ clientId, requestId, context }: z.infer<typeof decisionRequestSchema>): Promise<DecisionAnswer | undefined> {
    const replySubject = inboxOf(this.connection);
    const inbox = this.connection.subscribe(replySubject, { max: 1, timeout: this.config.DECISION_DEADLINE_MS });
    const id = requestId ? hashId('q', clientId, requestId) : hashId('q', randomUUID());
    const verdict = await this.door.request(decisionRequest({ clientId, requestId: id, context, replySubject, timeMs: this.clock.nowMs() }));
    if (verdict === 'accepted') return nextAnswer(inbox);
    inbox.unsubscribe();
    return verdict === 'busy' ? undefined : this.#answerGiven(id);
  }

  /** The same request again, by a caller who may not have heard: its answer was kept, or is about to be. */
  async #answerGiven(requestEventId: string): Promise<DecisionAnswer | undefined> {
    const answers = await this.connection.jetstream().views.kv(decisionAnswers.bucket, { ttl: decisionAnswers.keptMs });
    for (const deadlineMs = Date.now() + this.config.DECISION_DEADLINE_MS; Date.now() < deadlineMs; ) {
      const entry = await answers.get(requestEventId);
      if (entry) return entry.json<DecisionAnswer>();
      await new Promise((resume) => setTimeout(resume, 20));
    }
    return undefined;
  }
}

/** It becomes an event of the line: what no event may hold, no request may. */
async function readRequest(body: IncomingBody | undefined): Promise<z.infer<typeof decisionRequestSchema> | { readonly problem: string }> {
  const value = body && (await readJson(body));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: `send one JSON object { clientId, context }, at most ${maximumItemBytes} bytes` };
  const refusal = refusalOfShape(value, decisionRequestPurposes);
  if (refusal) return { problem: maskCardNumbers(`${refusal.field} ${refusal.message}`.trim()) };
  const request = decisionRequestSchema.safeParse(value);
  return request.success ? request.data : { problem: z.prettifyError(request.error) };
}

async function readJson(body: IncomingBody): Promise<unknown> {
  try {
    return JSON.parse(await readText(body, maximumItemBytes));
  } catch {
    discardRest(body, 2 * maximumItemBytes);
    return undefined;
  }
}

async function nextAnswer(inbox: Subscription): Promise<DecisionAnswer | undefined> {
  try {
    for await (const message of inbox) return message.json<DecisionAnswer>();
  } catch {
    inbox.unsubscribe();
  }
  return undefined;
}

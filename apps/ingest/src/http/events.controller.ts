import { Body, Controller, Inject, Post, Res } from '@nestjs/common';
import type { EventsAnswer } from '@sp/contracts';
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { count } from '../bank-subscription';
import { LineBusyError, type LineDoor } from '../line-door';
import { LINE_DOOR } from '../tokens';
import { parseBody, type TextBody } from './bodies';

/** `POST /v1/events`: one event, an array or NDJSON; answered when the events are durable in the line. */
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(LINE_DOOR) private readonly door: LineDoor) {}

  @Post()
  async post(@Body() body: TextBody | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<EventsAnswer | { message: string }> {
    const parsed = parseBody(body);
    if ('problem' in parsed) {
      reply.status(400);
      return { message: parsed.problem };
    }
    try {
      const items = await this.door.accept(parsed.values, { door: 'http', request: randomUUID() });
      const counts = count(items);
      reply.status(counts.accepted === items.length ? 202 : 207);
      return { ...counts, items };
    } catch (error) {
      if (!(error instanceof LineBusyError)) throw error;
      reply.status(503).header('retry-after', '1');
      return { message: 'the line is full: send the same events again after a second; what was taken is recognised by its ids' };
    }
  }
}

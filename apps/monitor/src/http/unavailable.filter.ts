import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { unavailability } from '../figures/unavailable';

const retryAfterSeconds = 5;

/** A ClickHouse that is away is 503 with a sentence, not a fault of monitor's. */
@Catch()
export class UnavailableFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof HttpException) return void reply.status(error.getStatus()).send(error.getResponse());
    const sentence = unavailability(error);
    if (sentence !== undefined) return void reply.status(503).header('retry-after', retryAfterSeconds).send({ statusCode: 503, message: sentence });
    this.logger.error(error);
    reply.status(500).send({ statusCode: 500, message: 'Monitor failed to answer; its log says why.' });
  }
}

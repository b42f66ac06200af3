import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { metricsRegister } from './metrics';
import { notReady } from './readiness';

/** Probes and metrics, alike on every service. */
@Controller()
export class OperationsController {
  @Get('health/live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { status: string; reasons?: Readonly<Record<string, string>> } {
    const reasons = notReady();
    if (Object.keys(reasons).length === 0) return { status: 'ok' };
    reply.status(503);
    return { status: 'not ready', reasons };
  }

  @Get('metrics')
  @Header('content-type', metricsRegister.contentType)
  metrics(): Promise<string> {
    return metricsRegister.metrics();
  }
}

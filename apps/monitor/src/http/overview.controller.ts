import type { Experiments, Overview } from '@sp/contracts';
import { Controller, Get, Headers, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Board } from '../live/board';
import { LiveStream } from '../live/live-stream';

/** The figures of the overview page: asked for once, or as a live stream. */
@Controller('v1')
export class OverviewController {
  constructor(
    @Inject(Board) private readonly board: Board,
    @Inject(LiveStream) private readonly stream: LiveStream,
  ) {}

  /** Always answers: the line's state needs no ClickHouse, and `freshness` says how old the rest is. */
  @Get('overview')
  async overview(): Promise<Overview> {
    const nowMs = Date.now();
    await this.board.refreshOverview(nowMs);
    return this.board.overview(nowMs, 0);
  }

  @Get('experiments')
  async experiments(): Promise<Experiments> {
    const nowMs = Date.now();
    await this.board.refreshExperiments(nowMs);
    const experiments = this.board.experiments(nowMs);
    if (experiments.freshness.state === 'absent') throw new ServiceUnavailableException(experiments.freshness.sentence);
    return experiments;
  }

  @Get('stream')
  live(@Res() reply: FastifyReply, @Headers('last-event-id') lastEventId?: string): void {
    if (this.stream.isFull) return void reply.status(503).header('retry-after', 30).send({ statusCode: 503, message: 'As many pages as this server allows are looking already.' });
    reply.hijack();
    this.stream.join(reply.raw, Number(lastEventId) || 0);
  }
}

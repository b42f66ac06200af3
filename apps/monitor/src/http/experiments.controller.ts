import { experimentDecisions, type ExperimentDetail, type ExperimentLogEntry } from '@sp/contracts';
import type { ClickHouseClient } from '@sp/clickhouse';
import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Inject, NotFoundException, Param, Post, ServiceUnavailableException, UnsupportedMediaTypeException } from '@nestjs/common';
import { z } from 'zod';
import { decisionLog, noteDecision } from '../figures/decision-log.query';
import { Board, type CountedDetail } from '../live/board';
import { clickhouse } from '../monitor.tokens';

const entrySchema = z.object({ by: z.string().trim().min(1).max(128), decision: z.enum(experimentDecisions), reason: z.string().trim().min(1).max(1_000) });

/** One experiment in all its figures, counted anew while somebody asks, and what people decided about it. */
@Controller('v1/experiments')
export class ExperimentsController {
  constructor(
    @Inject(Board) private readonly board: Board,
    @Inject(clickhouse) private readonly client: ClickHouseClient,
  ) {}

  @Get(':id')
  async one(@Param('id') id: string): Promise<ExperimentDetail> {
    const { detail, freshness } = await this.find(id);
    return { ...detail, freshness };
  }

  @Get(':id/decisions')
  async decisions(@Param('id') id: string): Promise<ExperimentLogEntry[]> {
    const { detail } = await this.find(id);
    return decisionLog(this.client, detail.experiment);
  }

  @Post(':id/decisions')
  @HttpCode(201)
  async decide(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<ExperimentLogEntry[]> {
    // JSON by its own name only: a form of somebody else's page can send every other type without being asked.
    if (!type?.startsWith('application/json')) throw new UnsupportedMediaTypeException('send application/json');
    const parsed = entrySchema.safeParse(body);
    if (!parsed.success) throw new BadRequestException(z.prettifyError(parsed.error));
    const { detail } = await this.find(id);
    await noteDecision(this.client, detail.experiment, { ...parsed.data, nextStep: detail.nextStep });
    return decisionLog(this.client, detail.experiment);
  }

  private async find(id: string): Promise<{ readonly detail: CountedDetail } & Pick<ExperimentDetail, 'freshness'>> {
    const nowMs = Date.now();
    await this.board.refreshExperiments(nowMs);
    await this.board.refreshDetails(nowMs);
    const { details, freshness } = this.board.details(nowMs);
    if (freshness.state === 'absent') throw new ServiceUnavailableException(freshness.sentence);
    const detail = details.find(({ experiment }) => experiment.experimentId === id);
    if (!detail) throw new NotFoundException(`No experiment "${id}" has clients (yet).`);
    return { detail, freshness };
  }
}

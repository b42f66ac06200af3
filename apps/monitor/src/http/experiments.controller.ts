import { experimentDecisions, operatorPatterns, type Experiment, type ExperimentDecision, type ExperimentDetail, type ExperimentLogEntry, type OwnExperiment } from '@sp/contracts';
import type { ClickHouseClient } from '@sp/clickhouse';
import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Inject, NotFoundException, Param, Post, ServiceUnavailableException } from '@nestjs/common';
import { z } from 'zod';
import { decisionLog, noteDecision } from '../figures/decision-log.query';
import { newestEventMs } from '../figures/newest-event.query';
import { Board, type CountedDetail } from '../live/board';
import { clickhouse } from '../monitor.tokens';
import { Operators } from '../operators';
import { readJson } from './read-json';

const by = z.string().trim().min(1).max(128);
const reason = z.string().trim().min(1).max(1_000);
const entrySchema = z.object({ by, decision: z.enum(experimentDecisions), reason });
const orderSchema = z.object({ by, reason });
/** The declaration itself is judged by whoever keeps it. */
const declareSchema = z.object({ by, declaration: z.record(z.string(), z.unknown()) });

type Place = Pick<Experiment, 'experimentId' | 'epoch'>;

/** One experiment in all its figures, counted anew while somebody asks; what people decided about it; the bank's own declared, started and stopped. */
@Controller('v1/experiments')
export class ExperimentsController {
  constructor(
    @Inject(Board) private readonly board: Board,
    @Inject(clickhouse) private readonly client: ClickHouseClient,
    @Inject(Operators) private readonly operators: Operators,
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
    const entry = readJson(entrySchema, type, body);
    const { detail } = await this.find(id);
    await noteDecision(this.client, detail.experiment, { ...entry, nextStep: detail.nextStep });
    return decisionLog(this.client, detail.experiment);
  }

  /** A new plan, or one changed before its start or after its stop. 202: it holds from its place in the control log on, as do start and stop. */
  @Post()
  @HttpCode(202)
  async declare(@Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<OwnExperiment> {
    const { by: author, declaration } = readJson(declareSchema, type, body);
    return this.carryOut(operatorPatterns.declareExperiment, { declaration, by: author }, { by: author, decision: 'declared' });
  }

  @Post(':id/start')
  @HttpCode(202)
  start(@Param('id') experimentId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<OwnExperiment> {
    const order = readJson(orderSchema, type, body);
    return this.carryOut(operatorPatterns.startExperiment, { experimentId, ...order }, { by: order.by, decision: 'started' });
  }

  @Post(':id/stop')
  @HttpCode(202)
  stop(@Param('id') experimentId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<OwnExperiment> {
    const order = readJson(orderSchema, type, body);
    return this.carryOut(operatorPatterns.stopExperiment, { experimentId, ...order }, { by: order.by, decision: 'stopped' });
  }

  /** Asks for it, and notes who asked for what, why, and what was known then. */
  private async carryOut(pattern: string, data: object, { by: author, decision }: { readonly by: string; readonly decision: ExperimentDecision }): Promise<OwnExperiment> {
    const answer = await this.operators.ask<OwnExperiment | { readonly message: string }>(pattern, data);
    if ('message' in answer) throw new BadRequestException(answer.message);
    const { untilMs, nextStep } = await this.knownOf(answer);
    await noteDecision(this.client, { ...answer, untilMs }, { by: author, decision, reason: answer.reason, nextStep });
    return answer;
  }

  private async knownOf({ experimentId, epoch }: Place): Promise<Pick<Experiment, 'untilMs'> & Pick<ExperimentDetail, 'nextStep'>> {
    const counted = this.board.counted.find(({ experiment }) => experiment.experimentId === experimentId && experiment.epoch === epoch);
    if (counted) return { untilMs: counted.experiment.untilMs, nextStep: counted.nextStep };
    return { untilMs: (await newestEventMs(this.client)) ?? 0, nextStep: 'wait' };
  }

  private async find(id: string): Promise<{ readonly detail: CountedDetail } & Pick<ExperimentDetail, 'freshness'>> {
    const nowMs = Date.now();
    await this.board.refreshDetails(nowMs);
    const { details, freshness } = this.board.details(nowMs);
    if (freshness.state === 'absent') throw new ServiceUnavailableException(freshness.sentence);
    const detail = details.find(({ experiment }) => experiment.experimentId === id);
    if (!detail) throw new NotFoundException(`No experiment "${id}" has clients (yet).`);
    return { detail, freshness };
  }
}

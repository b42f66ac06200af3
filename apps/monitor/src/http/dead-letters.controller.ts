import { correctionSchema, type DeadLetterDetail, type DeadLetterReason, type DeadLetterState, type DeadLetterSummary } from '@sp/contracts';
import { BadRequestException, Body, ConflictException, Controller, Get, Headers, HttpCode, Inject, NotFoundException, Param, Post, Query, ServiceUnavailableException } from '@nestjs/common';
import { DeadLetterDesk, type DropOutcome, type ReplayOutcome } from '@sp/platform';
import { z } from 'zod';
import { parseLimit } from './limit';
import { readJson } from './read-json';

const states = ['open', 'replayed', 'dropped'] as const satisfies readonly DeadLetterState['kind'][];
const by = z.string().trim().min(1).max(128);
const replaySchema = z.object({ by, corrections: z.array(correctionSchema).max(50).default([]) });
const dropSchema = z.object({ by, why: z.string().trim().min(1).max(1_000) });

/** What was refused, and what to do about it; read from the stream itself, so ClickHouse may be away. */
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(@Inject(DeadLetterDesk) private readonly desk: DeadLetterDesk) {}

  @Get()
  recent(@Query('limit') limit?: string, @Query('reason') reason?: string, @Query('state') state?: string): DeadLetterSummary[] {
    return this.desk.list({ limit: parseLimit(limit, 100), ...(reason ? { reason } : {}), ...stateOf(state) });
  }

  @Get('reasons')
  reasons(): DeadLetterReason[] {
    return this.desk.reasons();
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<DeadLetterDetail> {
    const letter = await this.desk.detail(id);
    if (!letter) throw new NotFoundException(`No dead letter "${id}" is kept.`);
    return letter;
  }

  @Post(':id/replay')
  @HttpCode(200)
  async replay(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<ReplayOutcome> {
    const outcome = await this.desk.replay(id, readJson(replaySchema, type, body));
    if (outcome.kind === 'not-found') throw new NotFoundException(outcome.message);
    if (outcome.kind === 'not-replayable') throw new ConflictException(outcome.message);
    if (outcome.kind === 'door-away') throw new ServiceUnavailableException(outcome.message);
    return outcome;
  }

  @Post(':id/drop')
  @HttpCode(200)
  async drop(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<DropOutcome> {
    const outcome = await this.desk.drop(id, readJson(dropSchema, type, body));
    if (outcome.kind === 'not-found') throw new NotFoundException(outcome.message);
    if (outcome.kind === 'already-replayed') throw new ConflictException(outcome.message);
    if (outcome.kind === 'not-kept') throw new ServiceUnavailableException(outcome.message);
    return outcome;
  }
}

function stateOf(text: string | undefined): { state?: DeadLetterState['kind'] } {
  if (text === undefined || text === '') return {};
  const state = states.find((candidate) => candidate === text);
  if (!state) throw new BadRequestException(`state must be one of ${states.join(', ')}`);
  return { state };
}

import type { ClickHouseClient } from '@sp/clickhouse';
import { operatorPatterns, type ArmChoices, type ControlChange, type DecisionPolicy } from '@sp/contracts';
import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { armChoices } from '../figures/choices.query';
import { controlChanges } from '../figures/control-changes.query';
import { clickhouse } from '../monitor.tokens';
import { Operators } from '../operators';
import { parseLimit } from './limit';
import { readJson } from './read-json';

const changeSchema = z.object({ by: z.string().trim().min(1).max(128), changes: z.record(z.string(), z.unknown()) });

/** Who may get an offer, when and how often; and who changed that, or a campaign, or the model. */
@Controller('v1')
export class PolicyController {
  constructor(
    @Inject(clickhouse) private readonly client: ClickHouseClient,
    @Inject(Operators) private readonly operators: Operators,
  ) {}

  @Get('policy')
  policy(): Promise<DecisionPolicy> {
    return this.operators.ask<DecisionPolicy>(operatorPatterns.readPolicy, {});
  }

  /** The named fields change, under a new version. 202: it holds from its place in the control log on. */
  @Post('policy')
  @HttpCode(202)
  async publish(@Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<object> {
    const answer = await this.operators.ask<{ readonly message?: string }>(operatorPatterns.publishPolicy, readJson(changeSchema, type, body));
    if (answer.message !== undefined) throw new BadRequestException(answer.message);
    return answer;
  }

  /** Coverage, repetition and exploration. */
  @Get('choices')
  choices(): Promise<ArmChoices[]> {
    return armChoices(this.client);
  }

  @Get('changes')
  changes(@Query('limit') limit?: string): Promise<ControlChange[]> {
    return controlChanges(this.client, parseLimit(limit, 50));
  }
}

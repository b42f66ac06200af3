import type { ClickHouseClient } from '@sp/clickhouse';
import type { DecisionDetail, DecisionSummary } from '@sp/contracts';
import { Controller, Get, Inject, NotFoundException, Param, Query } from '@nestjs/common';
import { decisionById, recentDecisions } from '../figures/decisions.query';
import { Explanations } from '../explanations';
import { clickhouse } from '../monitor.tokens';
import { parseLimit } from './limit';

@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    @Inject(clickhouse) private readonly client: ClickHouseClient,
    @Inject(Explanations) private readonly explanations: Explanations,
  ) {}

  @Get()
  recent(@Query('client') clientId?: string, @Query('limit') limit?: string): Promise<DecisionSummary[]> {
    return recentDecisions(this.client, { limit: parseLimit(limit, 50), ...(clientId ? { clientId } : {}) });
  }

  /** "Why did this client get this offer?" */
  @Get(':id')
  async one(@Param('id') id: string): Promise<DecisionDetail> {
    const decision = await decisionById(this.client, id);
    if (!decision) throw new NotFoundException(`No decision "${id}" is stored (yet).`);
    return { ...decision, explanation: await this.explanations.of(decision) };
  }
}

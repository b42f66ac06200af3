import type { ClickHouseClient } from '@sp/clickhouse';
import type { TimelineEntry } from '@sp/contracts';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { timelineOf } from '../figures/timeline.query';
import { clickhouse } from '../monitor.tokens';
import { parseLimit } from './limit';

@Controller('v1/clients')
export class ClientsController {
  constructor(@Inject(clickhouse) private readonly client: ClickHouseClient) {}

  /** What happened with this client: purchases, decisions, answers, outcomes; the newest first. */
  @Get(':id/timeline')
  timeline(@Param('id') clientId: string, @Query('limit') limit?: string, @Query('offer') offerId?: string): Promise<TimelineEntry[]> {
    return timelineOf(this.client, { clientId, limit: parseLimit(limit, 100), ...(offerId ? { offerId } : {}) });
  }
}

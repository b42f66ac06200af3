import type { ClickHouseClient } from '@sp/clickhouse';
import type { DeadLetter } from '@sp/contracts';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { recentDeadLetters } from '../figures/dead-letters.query';
import { clickhouse } from '../monitor.tokens';
import { parseLimit } from './limit';

@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(@Inject(clickhouse) private readonly client: ClickHouseClient) {}

  @Get()
  recent(@Query('limit') limit?: string): Promise<DeadLetter[]> {
    return recentDeadLetters(this.client, parseLimit(limit, 100));
  }
}

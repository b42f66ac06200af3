import type { ClickHouseClient } from '@sp/clickhouse';
import type { CorrectionOfEvent, DataHealth } from '@sp/contracts';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { correctionsOf } from '../figures/corrections.query';
import { DoorWatch } from '../live/door-watch';
import { clickhouse } from '../monitor.tokens';
import { parseLimit } from './limit';

/** What comes in, and what was corrected of it; the counts are ingest's own, so they are there while ClickHouse is away. */
@Controller('v1')
export class DataHealthController {
  constructor(
    @Inject(DoorWatch) private readonly door: DoorWatch,
    @Inject(clickhouse) private readonly client: ClickHouseClient,
  ) {}

  @Get('data-health')
  health(): DataHealth {
    return this.door.health;
  }

  @Get('corrections')
  corrections(@Query('event') eventId = '', @Query('rule') rule = '', @Query('limit') limit?: string): Promise<CorrectionOfEvent[]> {
    return correctionsOf(this.client, { eventId: eventId.slice(0, 256), rule: rule.slice(0, 64), limit: parseLimit(limit, 50) });
  }
}

import type { ClickHouseClient } from '@sp/clickhouse';
import type { CampaignFigures } from '@sp/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import { campaignFigures } from '../figures/campaigns.query';
import { clickhouse } from '../monitor.tokens';

@Controller('v1/campaigns')
export class CampaignsController {
  constructor(@Inject(clickhouse) private readonly client: ClickHouseClient) {}

  @Get()
  all(): Promise<CampaignFigures[]> {
    return campaignFigures(this.client);
  }
}

import type { ClickHouseClient } from '@sp/clickhouse';
import type { MerchantFigures } from '@sp/contracts';
import { BadRequestException, Controller, Get, Inject, Query } from '@nestjs/common';
import { merchantFigures } from '../figures/merchants';
import { clickhouse } from '../monitor.tokens';

@Controller('v1/merchants')
export class MerchantsController {
  constructor(@Inject(clickhouse) private readonly client: ClickHouseClient) {}

  /** From offer to payment by merchant, in the newest days of event time (14 where not said, 90 at most). */
  @Get()
  list(@Query('days') days = '14'): Promise<MerchantFigures[]> {
    const count = Number(days);
    if (!Number.isInteger(count) || count < 1 || count > 90) throw new BadRequestException('days must be a whole number from 1 to 90.');
    return merchantFigures(this.client, count);
  }
}

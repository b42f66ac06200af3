import type { ClickHouseClient } from '@sp/clickhouse';
import type { ModelInUse } from '@sp/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import { modelsInUse } from '../figures/models-in-use.query';
import { clickhouse } from '../monitor.tokens';

@Controller('v1/models')
export class ModelsController {
  constructor(@Inject(clickhouse) private readonly client: ClickHouseClient) {}

  @Get()
  all(): Promise<ModelInUse[]> {
    return modelsInUse(this.client);
  }
}

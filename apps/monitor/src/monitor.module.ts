import { connectClickHouse, type ClickHouseClient } from '@sp/clickhouse';
import { Inject, Logger, Module, type DynamicModule, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CampaignsController } from './http/campaigns.controller';
import { DeadLettersController } from './http/dead-letters.controller';
import { DecisionsController } from './http/decisions.controller';
import { ModelsController } from './http/models.controller';
import { OverviewController } from './http/overview.controller';
import { UnavailableFilter } from './http/unavailable.filter';
import { Board } from './live/board';
import { LineWatch } from './live/line-watch';
import { LiveStream } from './live/live-stream';
import type { MonitorConfig } from './monitor.config';
import { clickhouse } from './monitor.tokens';

@Module({})
export class MonitorModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(clickhouse) private readonly client: ClickHouseClient,
    @Inject(LineWatch) private readonly line: LineWatch,
    @Inject(LiveStream) private readonly stream: LiveStream,
  ) {}

  static with(config: MonitorConfig): DynamicModule {
    const logger = new Logger('figures');
    const onError = (error: unknown): void => logger.warn(error);
    return {
      module: MonitorModule,
      controllers: [OverviewController, DecisionsController, CampaignsController, ModelsController, DeadLettersController],
      providers: [
        { provide: clickhouse, useFactory: () => connectClickHouse(config.clickhouseUrl) },
        { provide: LineWatch, useFactory: () => new LineWatch(config.stageUrls) },
        { provide: Board, inject: [clickhouse, LineWatch], useFactory: (client: ClickHouseClient, line: LineWatch) => new Board({ client, line, provenance: config.provenance, experiments: config.experiments, onError }) },
        { provide: LiveStream, inject: [Board], useFactory: (board: Board) => new LiveStream(board, config.maximumStreamReaders) },
        { provide: APP_FILTER, useClass: UnavailableFilter },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.line.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.line.stop();
    this.stream.stop();
    await this.client.close();
  }
}

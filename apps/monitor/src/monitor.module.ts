import { connectClickHouse, type ClickHouseClient } from '@sp/clickhouse';
import { connectNats } from '@sp/nats';
import { DeadLetterDesk } from '@sp/platform';
import { Inject, Logger, Module, type DynamicModule, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { openModelStore, openSharedModelStore } from '@sp/models';
import { Explanations } from './explanations';
import { Operators } from './operators';
import { AutomaticChangesController } from './http/automatic-changes.controller';
import { CampaignsController } from './http/campaigns.controller';
import { ClientsController } from './http/clients.controller';
import { DataHealthController } from './http/data-health.controller';
import { DeadLettersController } from './http/dead-letters.controller';
import { FeatureInsights } from './figures/feature-insights';
import { DecisionsController } from './http/decisions.controller';
import { EarnedController } from './http/earned.controller';
import { ExperimentsController } from './http/experiments.controller';
import { FeatureReportController } from './http/features.controller';
import { IncidentsController } from './http/incidents.controller';
import { MerchantsController } from './http/merchants.controller';
import { ModelsController } from './http/models.controller';
import { PolicyController } from './http/policy.controller';
import { OverviewController } from './http/overview.controller';
import { ReviewCasesController } from './http/review-cases.controller';
import { UnavailableFilter } from './http/unavailable.filter';
import { DoorCounts } from './incidents/door-counts';
import { IncidentDesk } from './incidents/incident-desk';
import { Reactions } from './incidents/reactions';
import { SplitWatch } from './incidents/split-watch';
import { Webhook } from './incidents/webhook';
import { Board } from './live/board';
import { DoorWatch } from './live/door-watch';
import { LineWatch } from './live/line-watch';
import { LiveStream } from './live/live-stream';
import type { NatsConnection } from 'nats';
import type { MonitorConfig } from './monitor.config';
import { clickhouse, nats } from './monitor.tokens';
import { ReviewDesk } from './reviews/review-desk';

/** Some 30 MB of memory at most; older letters are on the stream. */
const maximumDeadLetters = 50_000;

@Module({})
export class MonitorModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(clickhouse) private readonly client: ClickHouseClient,
    @Inject(LineWatch) private readonly line: LineWatch,
    @Inject(DoorWatch) private readonly door: DoorWatch,
    @Inject(LiveStream) private readonly stream: LiveStream,
    @Inject(nats) private readonly connection: NatsConnection,
    @Inject(DeadLetterDesk) private readonly deadLetters: DeadLetterDesk,
    @Inject(IncidentDesk) private readonly incidents: IncidentDesk,
    @Inject(ReviewDesk) private readonly reviews: ReviewDesk,
  ) {}

  static with(config: MonitorConfig): DynamicModule {
    const logger = new Logger('figures');
    const onError = (error: unknown): void => logger.warn(error);
    return {
      module: MonitorModule,
      controllers: [OverviewController, ExperimentsController, DecisionsController, CampaignsController, PolicyController, ClientsController, ModelsController, AutomaticChangesController, EarnedController, DeadLettersController, DataHealthController, FeatureReportController, IncidentsController, ReviewCasesController, MerchantsController],
      providers: [
        { provide: clickhouse, useFactory: () => connectClickHouse(config.clickhouseUrl) },
        { provide: nats, useFactory: () => connectNats(config.natsUrl, 'monitor') },
        { provide: DeadLetterDesk, inject: [nats], useFactory: (connection: NatsConnection) => new DeadLetterDesk({ connection, ingestUrl: config.stageUrls.ingest, maximumLetters: maximumDeadLetters }) },
        { provide: Operators, useFactory: () => new Operators(config.natsUrl) },
        { provide: Explanations, inject: [nats], useFactory: (connection: NatsConnection) => new Explanations(openSharedModelStore({ shipped: openModelStore(config.modelsFolder), connection })) },
        { provide: DoorWatch, inject: [clickhouse], useFactory: (client: ClickHouseClient) => {
          const counts = new DoorCounts({ client, onError });
          return new DoorWatch(config.stageUrls.ingest, (health) => void counts.see(health));
        } },
        { provide: LineWatch, useFactory: () => new LineWatch(config.stageUrls) },
        { provide: Board, inject: [clickhouse, LineWatch], useFactory: (client: ClickHouseClient, line: LineWatch) => new Board({ client, line, provenance: config.provenance, experiments: config.experiments, onError }) },
        { provide: FeatureInsights, inject: [clickhouse], useFactory: (client: ClickHouseClient) => new FeatureInsights(client, onError) },
        { provide: LiveStream, inject: [Board], useFactory: (board: Board) => new LiveStream(board, config.maximumStreamReaders) },
        { provide: IncidentDesk, inject: [clickhouse, nats, ReviewDesk, Board], useFactory: (client: ClickHouseClient, connection: NatsConnection, reviews: ReviewDesk, board: Board) => new IncidentDesk({ client, splits: new SplitWatch(board), reactions: reactionsOf(client, connection, reviews), webhook: config.webhookUrl === undefined ? undefined : new Webhook({ url: config.webhookUrl, onError }), onError }) },
        { provide: ReviewDesk, inject: [clickhouse], useFactory: (client: ClickHouseClient) => new ReviewDesk({ client, onError }) },
        { provide: APP_FILTER, useClass: UnavailableFilter },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.line.start();
    this.door.start();
    void this.deadLetters.follow();
    this.incidents.start();
    this.reviews.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.line.stop();
    this.door.stop();
    this.stream.stop();
    this.incidents.stop();
    this.reviews.stop();
    this.deadLetters.close();
    await this.connection.close();
    await this.client.close();
  }
}

function reactionsOf(client: ClickHouseClient, connection: NatsConnection, reviews: ReviewDesk): Reactions {
  return new Reactions({
    client, connection,
    openReview: (merchantId) => reviews.openFor(merchantId),
    withdrawReview: async (caseId, by) => void (await reviews.act({ kind: 'withdrawn', caseId, atMs: Date.now(), by })),
  });
}

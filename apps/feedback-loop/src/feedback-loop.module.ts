import type { DynamicModule } from '@nestjs/common';
import { gatheringStages, mergedTableNames } from '@sp/contracts';
import { openModelStore, openSharedModelStore } from '@sp/models';
import { LineConnection, MergerHost, SinkHost, StageHost, stageSource } from '@sp/platform';
import type { NatsConnection } from 'nats';
import type { FeedbackLoopConfig } from './feedback-loop.config';
import { feedbackLoopFlow } from './feedback-loop.flow';
import { feedbackLoopTables, rowsOfFeedbackLoop } from './feedback-loop.sink';
import { RegulationDesk } from './regulation-desk';
import { TrainingController } from './training/training.controller';
import { TrainingDesk } from './training/training-desk';
import { join } from 'node:path';

class FeedbackLoopModule {}

export function feedbackLoopModule(config: FeedbackLoopConfig): DynamicModule {
  const { DATA_FOLDER: dataFolder, PARTITIONS: partitions, CLICKHOUSE_URL: clickHouseUrl } = config;
  return {
    module: FeedbackLoopModule,
    controllers: [TrainingController],
    providers: [
      { provide: LineConnection, useFactory: () => LineConnection.open(config.NATS_URL, 'feedback-loop', partitions) },
      { provide: StageHost, useFactory: ({ connection }: LineConnection) => new StageHost({ flow: feedbackLoopFlow, connection, dataFolder, partitions }), inject: [LineConnection] },
      ...mergedTableNames.filter((table) => gatheringStages[table] === 'feedback-loop').map((table) => ({
        provide: `merger ${table}`,
        useFactory: ({ connection }: LineConnection, { ended: stageEnded }: StageHost<'feedback-loop'>) => new MergerHost({ table, stage: 'feedback-loop', connection, dataFolder, partitions, stageEnded }),
        inject: [LineConnection, StageHost],
      })),
      {
        provide: SinkHost,
        useFactory: ({ connection }: LineConnection) => new SinkHost({ sink: 'feedback-loop', source: stageSource('feedback-loop'), connection, partitions, clickHouseUrl, tables: feedbackLoopTables, rowsOf: rowsOfFeedbackLoop }),
        inject: [LineConnection],
      },
      {
        provide: RegulationDesk,
        useFactory: (training: TrainingDesk) => new RegulationDesk({ clickHouseUrl, natsUrl: config.NATS_URL, everyHours: config.REGULATE_EVERY_HOURS, training }),
        inject: [TrainingDesk],
      },
      { provide: TrainingDesk, useFactory: ({ connection }: LineConnection) => openTrainingDesk(config, connection), inject: [LineConnection] },
    ],
  };
}

function openTrainingDesk({ DATA_FOLDER: folder, CLICKHOUSE_URL: clickHouseUrl, NATS_URL: natsUrl, ...config }: FeedbackLoopConfig, connection: NatsConnection): TrainingDesk {
  const store = openSharedModelStore({ shipped: openModelStore(config.MODELS_FOLDER), fetched: openModelStore(join(folder, 'models')), connection });
  return new TrainingDesk({ store, folder, clickHouseUrl, natsUrl, afterOutcomes: config.TRAIN_AFTER_OUTCOMES, everyHours: config.TRAIN_EVERY_HOURS });
}

import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { openModelStore, openSharedModelStore, type ModelStore } from '@sp/models';
import { LineConnection, StageHost } from '@sp/platform';
import { ModelSwitch } from './model-switch';
import { ModelsController } from './models.controller';
import { join } from 'node:path';
import { RedemptionModels } from './redemption-models';
import type { ScorerConfig } from './scorer.config';
import { scorerFlow } from './scorer.flow';

class ScorerModule {}

const MODEL_STORE = Symbol('model store');

class OpenModels extends RedemptionModels implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

export function scorerModule(config: ScorerConfig): DynamicModule {
  const { DATA_FOLDER: dataFolder, PARTITIONS: partitions } = config;
  return {
    module: ScorerModule,
    controllers: [ModelsController],
    providers: [
      {
        provide: MODEL_STORE,
        useFactory: ({ connection }: LineConnection) => openSharedModelStore({ shipped: openModelStore(config.MODELS_FOLDER), fetched: openModelStore(join(dataFolder, 'models')), connection }),
        inject: [LineConnection],
      },
      { provide: OpenModels, useFactory: (store: ModelStore) => new OpenModels(store, config.SCORING_THREADS), inject: [MODEL_STORE] },
      { provide: LineConnection, useFactory: () => LineConnection.open(config.NATS_URL, 'scorer', partitions) },
      {
        provide: StageHost,
        useFactory: ({ connection }: LineConnection, models: OpenModels) => new StageHost({ flow: scorerFlow(models), connection, dataFolder, partitions }),
        inject: [LineConnection, OpenModels],
      },
      { provide: ModelSwitch, useFactory: openSwitch, inject: [MODEL_STORE, StageHost, LineConnection] },
    ],
  };
}

async function openSwitch(store: ModelStore, host: StageHost<'scorer'>, { connection }: LineConnection): Promise<ModelSwitch> {
  const models = new ModelSwitch(store, host, connection);
  await models.activateFirst();
  return models;
}

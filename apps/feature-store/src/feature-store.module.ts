import type { DynamicModule } from '@nestjs/common';
import { LineConnection, SinkHost, StageHost, stageSource } from '@sp/platform';
import { FeatureReader } from './feature-reader';
import type { FeatureStoreConfig } from './feature-store.config';
import { featureStoreFlow } from './feature-store.flow';
import { featureStoreTables, rowsOfFeatureStore } from './feature-store.sink';
import { FeaturesController } from './features.controller';

class FeatureStoreModule {}

export function featureStoreModule(config: FeatureStoreConfig): DynamicModule {
  const { DATA_FOLDER: dataFolder, PARTITIONS: partitions } = config;
  return {
    module: FeatureStoreModule,
    controllers: [FeaturesController],
    providers: [
      { provide: LineConnection, useFactory: () => LineConnection.open(config.NATS_URL, 'feature-store', partitions) },
      { provide: StageHost, useFactory: ({ connection }: LineConnection) => new StageHost({ flow: featureStoreFlow, connection, dataFolder, partitions }), inject: [LineConnection] },
      {
        provide: SinkHost,
        useFactory: ({ connection }: LineConnection) =>
          new SinkHost({ sink: 'feature-store', source: stageSource('feature-store'), connection, partitions, clickHouseUrl: config.CLICKHOUSE_URL, tables: featureStoreTables, rowsOf: rowsOfFeatureStore }),
        inject: [LineConnection],
      },
      { provide: FeatureReader, useFactory: (host: StageHost<'feature-store'>) => new FeatureReader(host, partitions), inject: [StageHost] },
    ],
  };
}

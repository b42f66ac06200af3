import type { BeforeApplicationShutdown, DynamicModule } from '@nestjs/common';
import { partitionOf } from '@sp/contracts';
import { KeyedState } from '@sp/dataflow';
import { ClientStates } from '@sp/features';
import { LineConnection, MergerHost, SinkHost, StageHost, stageSource } from '@sp/platform';
import { ClickHouseJobs } from './clickhouse-jobs';
import { ClusterAssignments } from './cluster-assignments';
import { ClustersController } from './clusters.controller';
import { FeatureReader } from './feature-reader';
import type { FeatureStoreConfig } from './feature-store.config';
import { featureStoreFlow } from './feature-store.flow';
import { featureInputTables, featureStoreTables, rowsOfFeatureStore, rowsOfInputs } from './feature-store.sink';
import { FeaturesController } from './features.controller';
import { GeoConsents } from './geo-consents';

class FeatureStoreModule {}

/** Nothing waits for the inputs: a longer gathering spares ClickHouse an idle line's many small blocks. */
const inputsLingerMs = 3_000;

/** What ClickHouse gets of this service: the bookings that it hands on, and what its features were folded from. */
class Sinks implements BeforeApplicationShutdown {
  readonly #hosts: readonly BeforeApplicationShutdown[];

  constructor({ CLICKHOUSE_URL: clickHouseUrl, PARTITIONS: partitions }: FeatureStoreConfig, { connection }: LineConnection, consents: GeoConsents) {
    const common = { connection, partitions, clickHouseUrl };
    this.#hosts = [
      new SinkHost({ ...common, sink: 'feature-store', source: stageSource('feature-store'), tables: featureStoreTables, rowsOf: rowsOfFeatureStore }),
      new SinkHost({ ...common, sink: 'feature-inputs', source: stageSource('ingest'), tables: featureInputTables, rowsOf: rowsOfInputs(consents), lingerMs: inputsLingerMs }),
    ];
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.beforeApplicationShutdown()));
  }
}

function committedConsents(host: StageHost<'feature-store'>, partitions: number): GeoConsents {
  return new GeoConsents((clientId) => {
    const client = new ClientStates(new KeyedState(host.storeOf(partitionOf(clientId, partitions)))).get(clientId);
    return client && { geo: client.facts.consents.geo, atMs: client.facts.consentsAtMs };
  });
}

export function featureStoreModule(config: FeatureStoreConfig): DynamicModule {
  const { DATA_FOLDER: dataFolder, PARTITIONS: partitions } = config;
  return {
    module: FeatureStoreModule,
    controllers: [FeaturesController, ClustersController],
    providers: [
      { provide: LineConnection, useFactory: () => LineConnection.open(config.NATS_URL, 'feature-store', partitions) },
      {
        provide: StageHost,
        useFactory: ({ connection }: LineConnection, clusters: ClusterAssignments) => {
          const host = new StageHost({ flow: featureStoreFlow, connection, dataFolder, partitions, onLogged: (batch) => clusters.watch(batch) });
          clusters.follow((partition) => host.storeOf(partition));
          return host;
        },
        inject: [LineConnection, ClusterAssignments],
      },
      { provide: Sinks, useFactory: (line: LineConnection, host: StageHost<'feature-store'>) => new Sinks(config, line, committedConsents(host, partitions)), inject: [LineConnection, StageHost] },
      {
        provide: MergerHost,
        useFactory: ({ connection }: LineConnection, { ended: stageEnded }: StageHost<'feature-store'>) => new MergerHost({ table: 'segment-spend', stage: 'feature-store', connection, dataFolder, partitions, stageEnded }),
        inject: [LineConnection, StageHost],
      },
      { provide: ClickHouseJobs, useFactory: () => new ClickHouseJobs(config) },
      {
        provide: ClusterAssignments,
        useFactory: ({ connection }: LineConnection) => new ClusterAssignments(config.MODELS_FOLDER, connection),
        inject: [LineConnection],
      },
      {
        provide: FeatureReader,
        useFactory: (host: StageHost<'feature-store'>, clusters: ClusterAssignments) => new FeatureReader(host, partitions, clusters, config.CLOCK === 'wall' ? Date.now : undefined),
        inject: [StageHost, ClusterAssignments],
      },
    ],
  };
}

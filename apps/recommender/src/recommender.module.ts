import type { DynamicModule, BeforeApplicationShutdown } from '@nestjs/common';
import { LineConnection, metrics, SinkHost, StageHost, stageSource } from '@sp/platform';
import type { LineEvent } from '@sp/contracts';
import { ControlController } from './control.controller';
import { ControlRequests } from './control-requests';
import { countChoice } from './count-choice';
import { ExperimentRequests } from './experiment-requests';
import { ExperimentsController } from './experiments.controller';
import { OffersEgress } from './offers-egress';
import type { RecommenderConfig } from './recommender.config';
import { experiments } from '@sp/offers';
import { recommenderFlow } from '@sp/flows';
import { recommenderTables, rowsOfRecommender } from './recommender.sink';

class RecommenderModule {}

class Egresses implements BeforeApplicationShutdown {
  constructor(private readonly egresses: readonly OffersEgress[]) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.egresses.map((egress) => egress.beforeApplicationShutdown()));
  }
}

export function recommenderModule(config: RecommenderConfig): DynamicModule {
  const { DATA_FOLDER: dataFolder, PARTITIONS: partitions, CLICKHOUSE_URL: clickHouseUrl } = config;
  return {
    module: RecommenderModule,
    controllers: [ControlController, ExperimentsController],
    providers: [
      { provide: LineConnection, useFactory: () => LineConnection.open(config.NATS_URL, 'recommender', partitions) },
      {
        provide: StageHost,
        useFactory: ({ connection }: LineConnection) => new StageHost({ flow: recommenderFlow(experiments[config.EXPERIMENT]), connection, dataFolder, partitions, onLogged: ({ emitted }) => count(emitted) }),
        inject: [LineConnection],
      },
      {
        provide: ControlRequests,
        useFactory: ({ connection }: LineConnection, host: StageHost<'recommender'>) => new ControlRequests(connection, host, partitions),
        inject: [LineConnection, StageHost],
      },
      {
        provide: ExperimentRequests,
        useFactory: (requests: ControlRequests, host: StageHost<'recommender'>) => new ExperimentRequests(requests, host, { secondPerson: config.EXPERIMENT_SECOND_PERSON === 'yes' }),
        inject: [ControlRequests, StageHost],
      },
      {
        provide: Egresses,
        useFactory: ({ connection }: LineConnection) => new Egresses(Array.from({ length: partitions }, (_, partition) => new OffersEgress({ connection, dataFolder, partition }))),
        inject: [LineConnection],
      },
      {
        provide: SinkHost,
        useFactory: ({ connection }: LineConnection) => new SinkHost({ sink: 'recommender', source: stageSource('recommender'), connection, partitions, clickHouseUrl, tables: recommenderTables, rowsOf: rowsOfRecommender }),
        inject: [LineConnection],
      },
    ],
  };
}

function count(emitted: readonly LineEvent[]): void {
  for (const event of emitted) {
    if (event.type === 'decision.made') {
      metrics.decisions.inc({ outcome: event.data.outcome === 'none' ? event.data.reason : event.data.outcome });
      countChoice(event.data);
    }
    if (event.type === 'offer.issued') metrics.offersIssued.inc({ scenario: event.data.scenario, arm: event.data.arm });
  }
}

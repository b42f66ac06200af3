import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { LineConnection, SinkHost } from '@sp/platform';
import { BankSubscription } from './bank-subscription';
import { DeadLetterBox } from './dead-letter-box';
import { DecisionsController } from './http/decisions.controller';
import { EventsController } from './http/events.controller';
import type { IngestConfig } from './ingest.config';
import { ingestTables, rowsOfIngest } from './ingest.sink';
import { openLine, type OpenLine } from './open-line';
import { INGEST_CONFIG, LINE_CLOCK, LINE_DOOR, NATS } from './tokens';

class IngestModule {}

/** Holds what the doors share; ends the NATS door first, then the sequencers. */
class Doors implements OnApplicationShutdown {
  private constructor(
    readonly line: OpenLine,
    private readonly bank: BankSubscription,
  ) {}

  static async open(config: IngestConfig, { connection }: LineConnection): Promise<Doors> {
    const box = new DeadLetterBox(connection);
    const line = await openLine({ connection, dataFolder: config.DATA_FOLDER, partitions: config.PARTITIONS, clock: config.CLOCK, onRejected: (items) => box.put(items, 'door') });
    const bank = new BankSubscription({ connection, door: line.door, dataFolder: config.DATA_FOLDER, onRejected: (items, origin) => box.put(items, origin) });
    return new Doors(line, bank);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bank.close();
    await this.line.close();
  }
}

export function ingestModule(config: IngestConfig): DynamicModule {
  return {
    module: IngestModule,
    controllers: [EventsController, DecisionsController],
    providers: [
      { provide: INGEST_CONFIG, useValue: config },
      { provide: LineConnection, useFactory: () => LineConnection.open(config.NATS_URL, 'ingest', config.PARTITIONS) },
      { provide: Doors, useFactory: (line: LineConnection) => Doors.open(config, line), inject: [LineConnection] },
      {
        provide: SinkHost,
        useFactory: ({ connection }: LineConnection) =>
          new SinkHost({ sink: 'ingest', stage: 'ingest', connection, partitions: config.PARTITIONS, clickHouseUrl: config.CLICKHOUSE_URL, tables: ingestTables, rowsOf: rowsOfIngest }),
        inject: [LineConnection],
      },
      { provide: LINE_DOOR, useFactory: (doors: Doors) => doors.line.door, inject: [Doors] },
      { provide: LINE_CLOCK, useFactory: (doors: Doors) => doors.line.clock, inject: [Doors] },
      { provide: NATS, useFactory: (line: LineConnection) => line.connection, inject: [LineConnection] },
    ],
  };
}

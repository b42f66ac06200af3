import { Logger, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import type { CleaningPolicy } from '@sp/cleaning';
import { LineConnection, SinkHost, stageSource } from '@sp/platform';
import { BankSubscription } from './bank-subscription';
import { DeadLetterBox } from './dead-letter-box';
import { DecisionsController } from './http/decisions.controller';
import { FairGate } from './fair-gate';
import { EventsController } from './http/events.controller';
import type { IngestConfig } from './ingest.config';
import { deadLetterSource, deadLetterTables, ingestTables, rowsOfDeadLetters, rowsOfIngest } from './ingest.sink';
import { DoorKeeper } from './sources/door-keeper';
import { SourcesFile } from './sources/sources-file';
import { openLine, type OpenLine } from './open-line';
import type { NatsConnection } from 'nats';
import { DOOR_KEEPER, FAIR_GATE, INGEST_CONFIG, LINE_CLOCK, LINE_DOOR, NATS } from './tokens';

class IngestModule {}

/** A live bank would rather wait for its offers than keep its events; a replay has time. */
const defaultLagSeconds = { wall: 1_800, events: 10 };

function policyOf({ BASE_CURRENCY: baseCurrency, BANK_TIME_ZONE: timeZone }: IngestConfig): CleaningPolicy {
  return { ...(baseCurrency !== undefined && { baseCurrency }), ...(timeZone !== undefined && { timeZone }) };
}

/** Holds what the doors share; ends the NATS door first, then the sequencers. */
class Doors implements BeforeApplicationShutdown {
  private constructor(
    readonly line: OpenLine,
    private readonly bank: BankSubscription,
    private readonly box: DeadLetterBox,
  ) {}

  static async open(config: IngestConfig, { connection }: LineConnection): Promise<Doors> {
    const box = new DeadLetterBox(connection);
    const line = await openLine({ connection, dataFolder: config.DATA_FOLDER, partitions: config.PARTITIONS, clock: config.CLOCK, maximumLagMs: 1_000 * (config.MAXIMUM_LAG_SECONDS ?? defaultLagSeconds[config.CLOCK]), cleaning: policyOf(config), onRejected: (items, origin) => box.put(items, origin) });
    const bank = new BankSubscription({ connection, door: line.door, dataFolder: config.DATA_FOLDER, refusalsKept: () => box.settled() });
    return new Doors(line, bank, box);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.bank.close();
    await this.line.close();
    await this.box.settled();
  }
}

/** What ClickHouse gets of this service: counts and responses from the partitions' logs, refusals from their own stream. */
class Sinks implements BeforeApplicationShutdown {
  readonly #hosts: readonly BeforeApplicationShutdown[];

  constructor({ CLICKHOUSE_URL: clickHouseUrl, PARTITIONS: partitions }: IngestConfig, connection: NatsConnection) {
    this.#hosts = [
      new SinkHost({ sink: 'ingest', source: stageSource('ingest'), connection, partitions, clickHouseUrl, tables: ingestTables, rowsOf: rowsOfIngest }),
      new SinkHost({ sink: 'dead-letters', source: deadLetterSource, connection, partitions: 1, clickHouseUrl, tables: deadLetterTables, rowsOf: rowsOfDeadLetters }),
    ];
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.beforeApplicationShutdown()));
  }
}

/** Who may send; where nobody is declared it says that the door is open. */
class Declared implements BeforeApplicationShutdown {
  readonly keeper: DoorKeeper;
  readonly #file: SourcesFile | undefined;

  constructor({ SOURCES_FILE: path, HOST: host, BODY_LIMIT_BYTES: mostBodyBytes }: IngestConfig) {
    this.#file = path === undefined ? undefined : new SourcesFile(path);
    this.keeper = new DoorKeeper({ sources: () => this.#file?.sources, mostBodyBytes, nowMs: Date.now });
    if (!this.#file) new Logger('ingest').warn(`no SOURCES_FILE: the door is open to all who reach ${host}`);
  }

  beforeApplicationShutdown(): void {
    this.#file?.close();
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
      { provide: Sinks, useFactory: ({ connection }: LineConnection) => new Sinks(config, connection), inject: [LineConnection] },
      { provide: LINE_DOOR, useFactory: (doors: Doors) => doors.line.door, inject: [Doors] },
      { provide: LINE_CLOCK, useFactory: (doors: Doors) => doors.line.clock, inject: [Doors] },
      { provide: Declared, useFactory: () => new Declared(config) },
      { provide: DOOR_KEEPER, useFactory: (declared: Declared) => declared.keeper, inject: [Declared] },
      { provide: FAIR_GATE, useFactory: () => new FairGate() },
      { provide: NATS, useFactory: (line: LineConnection) => line.connection, inject: [LineConnection] },
    ],
  };
}

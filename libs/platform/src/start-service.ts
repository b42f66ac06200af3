import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { natsAddress } from '@sp/contracts';
import { Logger, LoggerModule } from 'nestjs-pino';
import { ConfigError } from './read-config';
import { OperationsController } from './operations.controller';
import { watchParent } from './parent-watch';

export interface ServiceOptions {
  readonly name: string;
  readonly port: number;
  readonly host?: string;
  /** The wiring; a function so that a configuration error is told before anything starts. */
  readonly module: () => Type | object;
  /** Operators' message patterns are answered over this server. */
  readonly natsUrl?: string;
  /** Largest HTTP body, in bytes. */
  readonly bodyLimitBytes?: number;
  /** The service sets its own content type parsers in `configure`. */
  readonly parsesBodies?: boolean;
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

/** Starts one service: HTTP with probes and metrics, logs, operators' patterns; ends in order on SIGTERM, SIGINT or the parent's end. */
export async function startService(options: ServiceOptions): Promise<void> {
  try {
    const app = await createService(options);
    await app.listen(options.port, options.host ?? '127.0.0.1');
    endInOrder(app);
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : `${options.name} could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}

async function createService(options: ServiceOptions): Promise<NestFastifyApplication> {
  const logger = LoggerModule.forRoot({ pinoHttp: { level: process.env['LOG_LEVEL'] ?? 'info', name: options.name, autoLogging: false } });
  class ServiceModule {}
  Module({ imports: [logger, options.module() as Type], controllers: [OperationsController] })(ServiceModule);
  const adapter = new FastifyAdapter({ bodyLimit: options.bodyLimitBytes ?? 1_048_576, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(ServiceModule, adapter, { bufferLogs: true, abortOnError: false, bodyParser: !options.parsesBodies });
  app.useLogger(app.get(Logger));
  await options.configure?.(app);
  if (options.natsUrl !== undefined) {
    app.connectMicroservice<MicroserviceOptions>({ transport: Transport.NATS, options: { ...natsAddress(options.natsUrl), queue: options.name, name: options.name } });
    await app.startAllMicroservices();
  }
  return app;
}

function endInOrder(app: NestFastifyApplication): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    void app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  watchParent(end);
}

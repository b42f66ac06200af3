import type { OnApplicationShutdown } from '@nestjs/common';
import { connectNats, ensureStreams } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { registerReadiness } from './readiness';

/** The service's connection to the log, with every stream in place; drained when the service ends. */
export class LineConnection implements OnApplicationShutdown {
  private constructor(readonly connection: NatsConnection) {
    let isConnected = true;
    void (async () => {
      for await (const { type } of connection.status()) {
        if (type === 'disconnect') isConnected = false;
        if (type === 'reconnect') isConnected = true;
      }
    })();
    registerReadiness('nats', () => (isConnected ? undefined : 'not connected'));
  }

  static async open(url: string, service: string, partitions: number): Promise<LineConnection> {
    const connection = await connectNats(url, service);
    await ensureStreams(connection, partitions);
    return new LineConnection(connection);
  }

  async onApplicationShutdown(): Promise<void> {
    // Whoever uses the connection has ended before: they end in `beforeApplicationShutdown`.
    await this.connection.close();
  }
}

import { ServiceUnavailableException, type OnModuleDestroy } from '@nestjs/common';
import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import { natsAddress } from '@sp/contracts';
import { firstValueFrom, timeout } from 'rxjs';

const patienceMs = 3_000;

/** Asks the services what only they know, and for what only they may do, over their NATS message patterns. */
export class Operators implements OnModuleDestroy {
  readonly #client: ClientProxy;

  constructor(natsUrl: string) {
    this.#client = ClientProxyFactory.create({ transport: Transport.NATS, options: { ...natsAddress(natsUrl), name: 'monitor-operators' } });
  }

  /** Throws 503 where nobody answers in time. */
  async ask<T>(pattern: string, data: object): Promise<T> {
    try {
      return await firstValueFrom(this.#client.send<T>(pattern, data).pipe(timeout(patienceMs)));
    } catch (cause) {
      throw new ServiceUnavailableException('The recommender does not answer: try again when it runs.', { cause });
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.#client.close();
  }
}

import { natsAddress } from '@sp/contracts';
import { connect, type NatsConnection } from 'nats';

/** The message patterns that the bank's operators use as any operator does. */
export class OperatorsDoor {
  private connection: NatsConnection | undefined;
  private asked = 0;

  constructor(private readonly natsUrl: string) {}

  /** A request as NestJS's NATS transport reads it. */
  async ask<Answer>(pattern: string, data: object): Promise<Answer> {
    this.connection ??= await connect({ ...natsAddress(this.natsUrl), name: 'bank-operators' });
    const request = JSON.stringify({ pattern, data, id: `bank-operators-${++this.asked}` });
    const answer = (await this.connection.request(pattern, request, { timeout: 10_000 })).json<{ readonly response?: Answer; readonly err?: unknown }>();
    if (answer.err !== undefined) throw new Error(`${pattern}: ${JSON.stringify(answer.err)}`);
    return answer.response as Answer;
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }
}

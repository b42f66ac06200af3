import { natsAddress, operatorPatterns } from '@sp/contracts';
import { connect, type NatsConnection } from 'nats';
import type { ModelChoice } from './simulator';

interface ListedModel {
  readonly version: string;
  readonly active: boolean;
}

/** The bank's operators at the door that every operator uses: they activate a model that says the same of everything, and later theirs again. */
export class ModelDesk implements ModelChoice {
  private connection: NatsConnection | undefined;
  private chosen: string | undefined;
  private before: string | undefined;
  private asked = 0;

  constructor(
    private readonly natsUrl: string,
    private readonly constantModel: string,
  ) {}

  async choose(version: string | undefined): Promise<void> {
    if (version === this.chosen) return;
    if (version !== undefined) this.before = (await this.models()).find((model) => model.active && model.version !== this.constantModel)?.version;
    // After a restart in the middle of it, what was active before is not known any more: any other model is better than a constant.
    const wanted = version ?? this.before ?? (await this.models()).find((model) => model.version !== this.constantModel)?.version;
    if (wanted !== undefined) await this.ask(operatorPatterns.activateModel, { version: wanted, by: 'bank-simulator' });
    this.chosen = version;
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }

  private async models(): Promise<readonly ListedModel[]> {
    return (await this.ask(operatorPatterns.listModels, {})) as readonly ListedModel[];
  }

  /** A request as NestJS's NATS transport reads it. */
  private async ask(pattern: string, data: object): Promise<unknown> {
    this.connection ??= await connect({ ...natsAddress(this.natsUrl), name: 'bank-operators' });
    const request = JSON.stringify({ pattern, data, id: `bank-operators-${++this.asked}` });
    const answer = (await this.connection.request(pattern, request, { timeout: 10_000 })).json<{ readonly response?: unknown; readonly err?: unknown }>();
    if (answer.err !== undefined) throw new Error(`${pattern}: ${JSON.stringify(answer.err)}`);
    return answer.response;
  }
}

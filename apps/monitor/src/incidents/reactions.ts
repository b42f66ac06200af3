import { randomUUID } from 'node:crypto';
import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import { bankDoor, ownSource, type ReactionAction } from '@sp/contracts';
import type { NatsConnection } from 'nats';

export interface ReactionOrder {
  readonly action: ReactionAction;
  readonly target: string;
  readonly by: string;
}

/** The model that decisions cite by this name. */
const model = 'redemption';

/** Carries a reaction out as a fact in the control log, so that it holds from its place there on and every replay sees it. */
export class Reactions {
  constructor(
    private readonly connection: NatsConnection,
    private readonly client: ClickHouseClient,
  ) {}

  /** Returns what it replaced, for the way back. */
  async carryOut({ action, target, by }: ReactionOrder): Promise<string> {
    if (action === 'activate-model') {
      const before = await this.modelInUse();
      await this.request('model.activated', model, { model, version: target, by });
      return before;
    }
    await this.pause(await this.campaignsOf(action, target), true, by);
    return 'running';
  }

  async undo({ action, target, before, by }: ReactionOrder & { readonly before: string }): Promise<void> {
    if (action === 'activate-model') await this.request('model.activated', model, { model, version: before, by });
    else await this.pause(await this.campaignsOf(action, target), false, by);
  }

  private async pause(campaignIds: readonly string[], paused: boolean, by: string): Promise<void> {
    for (const campaignId of campaignIds) await this.request('campaign.paused', campaignId, { campaignId, paused, by });
  }

  private async campaignsOf(action: ReactionAction, target: string): Promise<string[]> {
    if (action === 'pause-campaign') return [target];
    const rows = await readRows<{ campaignId: string }>(this.client, 'SELECT DISTINCT campaign_id AS campaignId FROM offers WHERE merchant_id = {target:String} ORDER BY campaignId', { target });
    return rows.map(({ campaignId }) => campaignId);
  }

  private async modelInUse(): Promise<string> {
    const [row] = await readRows<{ version: string }>(this.client, "SELECT model_version AS version FROM decisions WHERE model_version != '' ORDER BY time DESC LIMIT 1");
    return row?.version ?? '';
  }

  private async request(type: 'campaign.paused' | 'model.activated', subject: string, data: object): Promise<void> {
    const fact = { specversion: '1.0', id: randomUUID(), source: ownSource, type, subject, time: new Date().toISOString(), data };
    await this.connection.jetstream().publish(bankDoor.controlRequests, JSON.stringify(fact));
  }
}

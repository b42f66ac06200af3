import { randomUUID } from 'node:crypto';
import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import { bankDoor, ownSource, type ArmPolicy, type ReactionAction } from '@sp/contracts';
import { alwaysOnExperiment, noModelVersion, rulesVersion } from '@sp/offers';
import type { NatsConnection } from 'nats';

export interface ReactionOrder {
  readonly action: ReactionAction;
  readonly target: string;
  readonly by: string;
}

/** What was done, on what in the end, and what it replaced, for the way back. */
export interface CarriedOut {
  readonly target: string;
  readonly before: string;
}

/** It cannot be done now; said to whoever asked, and nothing has changed. */
export class ReactionRefused extends Error {}

export interface ReactionsParts {
  readonly connection: NatsConnection;
  readonly client: ClickHouseClient;
  /** Opens a review case for a merchant: its id; undefined where he has one. */
  readonly openReview: (merchantId: string) => Promise<string | undefined>;
  readonly withdrawReview: (caseId: string, by: string) => Promise<void>;
}

/** The model that decisions cite by this name. */
const model = 'redemption';
const { experimentId, weights } = alwaysOnExperiment;

/** Carries a reaction out as a fact in the control log, so that it holds from its place there on and every replay sees it. */
export class Reactions {
  /** Asked for, perhaps without any client assigned yet. */
  private lastEpoch = 0;
  private lastHoldout: number | undefined;

  constructor(private readonly parts: ReactionsParts) {}

  async carryOut({ action, target, by }: ReactionOrder): Promise<CarriedOut> {
    switch (action) {
      case 'pause-campaign': return this.pause('campaign.paused', target, true, by);
      case 'pause-merchant': return this.pause('merchant.paused', target, true, by);
      case 'freeze-model': return this.freeze(true, by);
      case 'raise-holdout': return this.changeSplit(shareOf(target), by);
      case 'open-review': return this.openReview(target);
      case 'activate-model': return this.activate(target, by);
      case 'fall-back-to-rules': return this.activate(rulesVersion, by);
      case 'roll-back-model': return this.activate(await this.modelBefore(await this.modelInUse()), by);
    }
  }

  async undo({ action, target, before, by }: ReactionOrder & { readonly before: string }): Promise<void> {
    switch (action) {
      case 'pause-campaign': return void (await this.pause('campaign.paused', target, false, by));
      case 'pause-merchant': return void (await this.pause('merchant.paused', target, false, by));
      case 'freeze-model': return void (await this.freeze(false, by));
      // Back to the old shares, and yet a new epoch: who was held out in between is no longer who he was.
      case 'raise-holdout': return void (await this.changeSplit(shareOf(before), by));
      case 'open-review': return this.parts.withdrawReview(before, by);
      default: return void (await this.activate(before, by));
    }
  }

  private async pause(type: 'campaign.paused' | 'merchant.paused', id: string, paused: boolean, by: string): Promise<CarriedOut> {
    await this.request(type, id, { [type === 'campaign.paused' ? 'campaignId' : 'merchantId']: id, paused, by });
    return { target: id, before: 'running' };
  }

  private async freeze(frozen: boolean, by: string): Promise<CarriedOut> {
    await this.request('model.frozen', model, { model, frozen, by });
    return { target: model, before: 'free' };
  }

  private async activate(version: string, by: string): Promise<CarriedOut> {
    const before = await this.modelInUse();
    await this.request('model.activated', model, { model, version, by });
    return { target: version, before };
  }

  /** The others shrink or grow alike. */
  private async changeSplit(holdout: number, by: string): Promise<CarriedOut> {
    const [row] = await readRows<{ epoch: number; held: number }>(this.parts.client, 'SELECT max(epoch) AS epoch, avg(arm = \'holdout\') AS held FROM assignments WHERE experiment_id = {experimentId:String} AND epoch = (SELECT max(epoch) FROM assignments WHERE experiment_id = {experimentId:String})', { experimentId });
    const epoch = Math.max(1, row?.epoch ?? 1, this.lastEpoch) + 1;
    const shrunk = Object.fromEntries(Object.entries(weights).map(([arm, share]) => [arm, arm === 'holdout' ? holdout : (share * (1 - holdout)) / (1 - weights.holdout)])) as Record<ArmPolicy, number>;
    const before = this.lastHoldout ?? (epoch === 2 || row === undefined ? weights.holdout : Math.round(row.held * 100) / 100);
    await this.request('split.changed', experimentId, { experimentId, epoch, salt: `${experimentId}-${epoch}`, weights: shrunk, by });
    this.lastEpoch = epoch;
    this.lastHoldout = holdout;
    return { target: String(holdout), before: String(before) };
  }

  private async openReview(merchantId: string): Promise<CarriedOut> {
    const caseId = await this.parts.openReview(merchantId);
    if (caseId === undefined) throw new ReactionRefused(`There is a review case of ${merchantId} already.`);
    return { target: merchantId, before: caseId };
  }

  private async modelInUse(): Promise<string> {
    const [row] = await readRows<{ version: string }>(this.parts.client, "SELECT model_version AS version FROM decisions WHERE model_version != '' ORDER BY time DESC LIMIT 1");
    return row?.version ?? noModelVersion;
  }

  private async modelBefore(present: string): Promise<string> {
    const query = 'SELECT model_version AS version FROM decisions WHERE model_version NOT IN {not:Array(String)} ORDER BY time DESC LIMIT 1';
    const [row] = await readRows<{ version: string }>(this.parts.client, query, { not: ['', noModelVersion, rulesVersion, present] });
    if (!row) throw new ReactionRefused('No other model has decided before this one: there is nothing to go back to.');
    return row.version;
  }

  private async request(type: string, subject: string, data: object): Promise<void> {
    const fact = { specversion: '1.0', id: randomUUID(), source: ownSource, type, subject, time: new Date().toISOString(), data };
    await this.parts.connection.jetstream().publish(bankDoor.controlRequests, JSON.stringify(fact));
  }
}

function shareOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 0.9)) throw new ReactionRefused(`The holdout's share must lie between 0 and 0.9, not "${text}".`);
  return share;
}

import { acceptSystemEvent, bankDoor, cautiousPolicy, decisionPolicySchema, ownSource, type CampaignState, type ControlFact, type DecisionPolicy, type LineEventOf } from '@sp/contracts';
import { KeyedState, sharedId, sharedKind, StateTable, type SharedFact } from '@sp/dataflow';
import type { CampaignBudget } from '@sp/offers';
import type { StageHost } from '@sp/platform';
import type { NatsConnection } from 'nats';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** Answered when the request is durable; it holds from the place on that it takes in the control log. */
export type Asked<T> = T | { readonly message: string };

const policySubject = 'policy';

/** What operators may ask for concerning offers: each becomes a fact in the control log. */
export class ControlRequests {
  constructor(
    private readonly connection: NatsConnection,
    private readonly host: StageHost<'recommender'>,
    private readonly partitions: number,
  ) {}

  async pauseCampaign(campaignId: string, paused: boolean, by: string): Promise<Asked<{ campaignId: string; paused: boolean }>> {
    return this.ask('campaign.paused', campaignId, { campaignId, paused, by }, { campaignId, paused });
  }

  async pauseMerchant(merchantId: string, paused: boolean, by: string): Promise<Asked<{ merchantId: string; paused: boolean }>> {
    return this.ask('merchant.paused', merchantId, { merchantId, paused, by }, { merchantId, paused });
  }

  /** New, or changed: the same id again. */
  async publishCampaign(campaign: { readonly campaignId?: unknown }, by: string): Promise<Asked<{ campaignId: string }>> {
    const { campaignId } = campaign;
    if (typeof campaignId !== 'string') return { message: 'campaignId is missing' };
    return this.ask('campaign.published', campaignId, { ...campaign, by }, { campaignId });
  }

  /** Facts as the first partition has them, money over all of them. */
  campaigns(): CampaignState[] {
    const state = new KeyedState(this.host.storeOf(0));
    const facts = [...new StateTable<SharedFact>(state, sharedKind).values()];
    const paused = new Set(facts.flatMap((fact) => (fact.type === 'campaign.paused' && fact.data.paused ? [fact.data.campaignId] : [])));
    const budgets = Array.from({ length: this.partitions }, (_, partition) => new StateTable<CampaignBudget>(new KeyedState(this.host.storeOf(partition)), { kind: 'budget', version: 1 }));
    return facts.flatMap((fact) => {
      if (fact.type !== 'campaign.published') return [];
      const cells = budgets.flatMap((table) => Object.entries(table.get(fact.data.campaignId) ?? {}).flatMap(([arm, cell]) => (arm === 'holdout' ? [] : [cell])));
      const sum = (of: 'reservedMinor' | 'spentMinor'): number => cells.reduce((total, cell) => total + cell[of], 0);
      return [{ ...fact.data, paused: paused.has(fact.data.campaignId), reservedMinor: sum('reservedMinor'), spentMinor: sum('spentMinor') }];
    });
  }

  /** As the first partition has it. */
  policy(): DecisionPolicy {
    const facts = new StateTable<LineEventOf<'policy.published'>>(new KeyedState(this.host.storeOf(0)), sharedKind);
    return facts.get(sharedId('policy.published', policySubject))?.data.policy ?? cautiousPolicy;
  }

  /** The fields that are named change; decisions cite the version, so it must be a new one. */
  async publishPolicy(changes: Record<string, unknown>, by: string): Promise<Asked<DecisionPolicy>> {
    const before = this.policy();
    const parsed = decisionPolicySchema.safeParse(merge(before, changes));
    if (!parsed.success) return { message: z.prettifyError(parsed.error) };
    if (parsed.data.version === before.version) return { message: `name a new version: decisions cite "${before.version}" for the present one` };
    return this.ask('policy.published', policySubject, { policy: parsed.data, by }, parsed.data);
  }

  /** Puts the fact to ingest; `answer` is what is said when the request is durable. */
  async ask<T>(type: ControlFact['type'], subject: string, data: object, answer: T): Promise<Asked<T>> {
    const fact = { specversion: '1.0', id: randomUUID(), source: ownSource, type, subject, time: new Date().toISOString(), data };
    const acceptance = acceptSystemEvent(fact, Date.now());
    if (!acceptance.ok) return { message: acceptance.reject.message };
    await this.connection.jetstream().publish(bankDoor.controlRequests, JSON.stringify(fact));
    return answer;
  }
}

function merge(before: DecisionPolicy, changes: Record<string, unknown>): unknown {
  const sections = Object.entries(changes).map(([name, change]) => {
    const section: unknown = (before as Record<string, unknown>)[name];
    return [name, isRecord(section) && isRecord(change) ? { ...section, ...change } : change];
  });
  return { ...before, ...Object.fromEntries(sections) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { packConsidered, readConsidered, type Considered } from './candidate-table';
import { cautiousPolicy, type DecisionPolicy } from './decision-policy';
import type { CampaignAtDecision, DecisionInputs, DecisionRecord } from './decisions';

/** The inputs without what the record says elsewhere. The policy is told unless it is the one that holds before any is published. */
export type LoggedInputs = Omit<DecisionInputs, 'scenario' | 'trigger' | 'triggerEventId' | 'modelVersion' | 'policy' | 'campaigns'> & {
  readonly policy?: DecisionPolicy;
  readonly campaigns: readonly Omit<CampaignAtDecision, 'merchantId' | 'objective'>[];
};

/** A decision record as it stands in logs and tables: each thing said once. `readDecision` makes the whole of it again. */
export type LoggedDecision = Omit<DecisionRecord, 'considered' | 'inputs'> & { readonly considered: Considered; readonly inputs?: LoggedInputs | DecisionInputs };

/** Values and baselines are rounded to what anybody asks of them; all else stays exact, propensities too. */
export function packDecision({ considered, inputs, ...record }: DecisionRecord): LoggedDecision {
  return { ...record, considered: packConsidered(considered), ...(inputs && { inputs: packInputs(inputs) }) };
}

/** The whole record, from one that is logged; one that is whole stays as it is. */
export function readDecision<Logged extends LoggedDecision>({ considered: logged, inputs, ...record }: Logged): Omit<Logged, 'considered' | 'inputs'> & DecisionRecord {
  const considered = readConsidered(logged);
  const read = inputs && readInputs(inputs, record, considered);
  return { ...record, considered, ...(read && { inputs: read }) } as Omit<Logged, 'considered' | 'inputs'> & DecisionRecord;
}

function packInputs({ scenario: _s, trigger: _t, triggerEventId: _e, modelVersion: _m, policy, campaigns, ...inputs }: DecisionInputs): LoggedInputs {
  return { ...inputs, campaigns: campaigns.map(({ merchantId: _i, objective: _o, ...campaign }) => campaign), ...(policy !== cautiousPolicy && { policy }) };
}

/** Undefined where the policy of then is not the one of this build. */
function readInputs(inputs: LoggedInputs | DecisionInputs, record: Pick<DecisionRecord, 'scenario' | 'trigger' | 'triggerEventId' | 'versions'>, considered: DecisionRecord['considered']): DecisionInputs | undefined {
  if ('modelVersion' in inputs) return inputs;
  const policy = inputs.policy ?? (record.versions.policy === cautiousPolicy.version ? cautiousPolicy : undefined);
  if (!policy) return undefined;
  const byId = new Map(considered.map((candidate) => [candidate.campaignId, candidate]));
  const campaigns = inputs.campaigns.flatMap((campaign): CampaignAtDecision[] => {
    const candidate = byId.get(campaign.campaignId);
    return candidate ? [{ ...campaign, merchantId: candidate.merchantId, objective: candidate.objective }] : [];
  });
  const { scenario, trigger, triggerEventId, versions } = record;
  return { ...inputs, scenario, trigger, triggerEventId, modelVersion: versions.model, policy, campaigns };
}

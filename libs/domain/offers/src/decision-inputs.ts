import type { ArmPolicy, CampaignAtDecision, ClientProfile, DecisionInputs, DecisionRecord, ScoredCandidate } from '@sp/contracts';
import type { BudgetCell } from './budget-ledger';
import { noContact } from './contact-state';
import type { DecisionInput } from './decide';
import { onePolicy } from './experiment';

const nothing: BudgetCell = { grantedMinor: 0, reservedMinor: 0, spentMinor: 0 };

/** What the record keeps of a decision's input, beside the candidates: only what a rule or a value reads. */
export function inputsOf({ scored, timeMs, contact = noContact, campaigns, pausedMerchants, budget, policy }: DecisionInput, arm: ArmPolicy): DecisionInputs {
  const { candidates, replySubject: _reply, vector: _vector, profile, ...moment } = scored;
  const { moved: _moved, settled: _settled, ...asked } = contact;
  const ids = [...new Set(candidates.map(({ campaignId }) => campaignId))];
  const described = ids.flatMap((campaignId): CampaignAtDecision[] => {
    const campaign = campaigns.find(campaignId);
    if (!campaign) return [];
    const { merchantId, objective, startsAt, endsAt, audience, paused } = campaign;
    const cell = budget.cellOf(campaignId, arm) ?? nothing;
    const pauses = { ...(paused && { paused }), ...(pausedMerchants.has(merchantId) && { merchantPaused: true }) };
    return [{ campaignId, merchantId, objective, startsAt, endsAt, ...(audience && { audience }), ...pauses, ...cell }];
  });
  return { ...moment, timeMs, profile: readPart(profile, candidates), contact: asked, campaigns: described, policy };
}

/** The input again, from the record alone, as JSON has kept it: what JSON made null was not known. */
export function inputFromRecord(record: DecisionRecord): DecisionInput | undefined {
  const { inputs, clientId, arm, experimentId, epoch, salt, experimentArm, considered, versions } = record;
  if (!inputs) return undefined;
  const { timeMs, contact, campaigns, policy, ...moment } = inputs;
  const byId = new Map(campaigns.map((campaign) => [campaign.campaignId, campaign]));
  const paused = new Set(campaigns.flatMap(({ merchantId, merchantPaused }) => (merchantPaused ? [merchantId] : [])));
  return {
    scored: { ...moment, vector: vectorOf(record), candidates: considered.map(scoredOf) },
    clientId, timeMs, contact, policy, campaigns: { find: (id) => byId.get(id) }, pausedMerchants: paused,
    budget: { cellOf: (id) => byId.get(id) }, experiment: { experimentId, epoch, salt, weights: onePolicy(arm), ...(experimentArm !== undefined && { armName: experimentArm }) }, featuresVersion: versions.features,
  };
}

/** The client's part of the model's input. */
export function vectorOf({ features, offer, considered }: Pick<DecisionRecord, 'features' | 'offer' | 'considered'>): number[] {
  const chosen = offer && considered.find(({ removedBy }) => removedBy === undefined);
  return known(features.slice(0, features.length - (chosen?.features?.length ?? 0)));
}

/** A candidate as it was scored. Terms bear the bound under which they would be issued, which bounding again does not change. */
function scoredOf({ baseline: _b, shadowPrice: _s, valueMinor: _v, propensity: _p, removedBy: _r, finding: _f, features = [], ...candidate }: DecisionRecord['considered'][number]): ScoredCandidate {
  return { ...candidate, features: known(features) };
}

function known(features: readonly (number | null)[]): number[] {
  return features.map((value) => value ?? NaN);
}

/** Of the client's merchants only those in question; his categories were read before. */
function readPart(profile: ClientProfile, candidates: readonly ScoredCandidate[]): ClientProfile {
  const asked = new Set(candidates.map(({ merchantId }) => merchantId));
  return { ...profile, merchants: profile.merchants.filter(({ merchantId }) => asked.has(merchantId)), categories: [] };
}

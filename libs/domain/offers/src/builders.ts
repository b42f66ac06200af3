import { cautiousPolicy, type ArmPolicy, type ClientProfile, type DecisionMade, type DecisionPolicy, type DecisionScoredData, type ScoredCandidate } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { BudgetView } from './budget-ledger';
import type { Campaign } from './campaign';
import type { DecisionInput } from './decide';
import { arms, alwaysOnExperiment, type ExperimentPolicy } from './experiment';
import { unknownMarket } from './market-features';
import { pairFeatures } from './pair-features';

/** Monday noon in UTC, the time zone of the clients built here. */
export const noonMs = mondayMs + 12 * 3_600_000;

export const amplyFunded: BudgetView = { cellOf: () => ({ grantedMinor: 1_000_000_000, reservedMinor: 0, spentMinor: 0 }) };

/** So much is left, and the campaign runs at its pace. */
export function funded(leftMinor: number): BudgetView {
  return { cellOf: () => ({ grantedMinor: leftMinor, reservedMinor: 0, spentMinor: 0 }) };
}

/** Nobody is tried out. */
export const unexploring: DecisionPolicy = { ...cautiousPolicy, exploration: { ...cautiousPolicy.exploration, share: 0, newcomerShare: 0 } };

export function aProfile(over: Partial<ClientProfile> = {}): ClientProfile {
  return { segment: 'mass', timeZone: 'UTC', offersConsent: true, merchants: [], categories: [], averageCheckMinor: 2000, attributes: {}, ...over };
}

export function aCampaign(over: Partial<Campaign> = {}): Campaign {
  return { ...anEvent('campaign.published').data, ...over };
}

/** `m-1` sells in category 1001, `m-2` in 1002 and so on. */
export function mccOf(merchantId: string): number {
  return 1000 + Number(merchantId.slice(2));
}

export function aCandidate(over: Partial<ScoredCandidate> = {}, profile = aProfile()): ScoredCandidate {
  const campaignId = over.campaignId ?? 'k-1';
  const merchantId = over.merchantId ?? campaignId.replace('k', 'm');
  const terms = over.terms ?? { discountPercent: 10, validityDays: 7, minimumCheckMinor: 1000 };
  const pair = { profile, merchant: { merchantId, mcc: mccOf(merchantId) }, terms, retrievedBy: 'popular', currency: 'EUR', timeMs: noonMs, market: unknownMarket } as const;
  return {
    campaignId, merchantId, terms, objective: 'spend', currency: 'EUR', marginPercent: 30, retrievedBy: 'popular', conversion: 0.1, expectedCheckMinor: 2000, knownMerchant: false,
    features: [7, ...pairFeatures(pair)], ...over,
  };
}

export function aScored(over: Partial<DecisionScoredData> = {}): DecisionScoredData {
  return { scenario: 'event', trigger: 'app-opened', triggerEventId: 'e-1', vector: [7], profile: aProfile(), modelVersion: 'm1', candidates: [aCandidate()], ...over };
}

export function inArm(arm: ArmPolicy): ExperimentPolicy {
  return { ...alwaysOnExperiment, weights: Object.fromEntries(arms.map((other) => [other, other === arm ? 1 : 0])) as Record<ArmPolicy, number> };
}

/** All candidates' campaigns run and are funded; the model's arm, without exploration. */
export function aDecisionInput(over: Partial<DecisionInput> = {}): DecisionInput {
  const find = (campaignId: string): Campaign => aCampaign({ campaignId, merchantId: campaignId.replace('k', 'm') });
  return {
    scored: aScored(), clientId: 'c-1', timeMs: noonMs, contact: undefined, campaigns: { find }, budget: amplyFunded,
    experiment: inArm('model'), pausedMerchants: new Set(), policy: unexploring, featuresVersion: 'f1', ...over,
  };
}

export function madeAt(timeMs: number, record: DecisionMade['data']): DecisionMade {
  return { type: 'decision.made', id: record.decisionId, source: 'test', subject: record.clientId, timeMs, data: record };
}

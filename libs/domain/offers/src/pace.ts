import type { ArmPolicy, DecisionPolicy } from '@sp/contracts';
import type { BudgetCell, BudgetView } from './budget-ledger';
import type { Campaign, CampaignFinder } from './campaign';

/** How much of a budget cell is used, and how much may be by now; minor units. */
export interface Pace {
  readonly usedMinor: number;
  readonly allowedMinor: number;
}

/**
 * A budget lasts as long as its campaign: what is spent, and of what is reserved the part that will be, keeps to the share of the campaign's
 * time that is over and a head start.
 */
export function paceOf({ grantedMinor, reservedMinor, spentMinor }: BudgetCell, { startsAt, endsAt }: Pick<Campaign, 'startsAt' | 'endsAt'>, timeMs: number, { budget }: DecisionPolicy): Pace {
  const startMs = Date.parse(startsAt);
  const elapsed = Math.max(0, (timeMs - startMs) / (Date.parse(endsAt) - startMs));
  return { usedMinor: Math.ceil(spentMinor + budget.expectedUse * reservedMinor), allowedMinor: Math.floor(grantedMinor * Math.min(1, elapsed + budget.headStart)) };
}

/** 0 while there is plenty, 1 where the pace is reached: then a discount is worth it only if it earns twice what it costs. */
export function shadowPriceOf({ usedMinor, allowedMinor }: Pace, { budget: { dearFrom } }: DecisionPolicy): number {
  if (allowedMinor <= 0 || dearFrom >= 1) return 0;
  return Math.min(1, Math.max(0, (usedMinor / allowedMinor - dearFrom) / (1 - dearFrom)));
}

/** The pace of each campaign at one moment, found once for all its terms. */
export function pacesAt({ campaigns, budget, policy, timeMs }: { readonly campaigns: CampaignFinder; readonly budget: BudgetView; readonly policy: DecisionPolicy; readonly timeMs: number }, arm: ArmPolicy): (campaignId: string) => Pace | undefined {
  const known = new Map<string, Pace | undefined>();
  return (campaignId) => {
    if (known.has(campaignId)) return known.get(campaignId);
    const [cell, campaign] = [budget.cellOf(campaignId, arm), campaigns.find(campaignId)];
    const pace = cell && campaign && paceOf(cell, campaign, timeMs, policy);
    known.set(campaignId, pace);
    return pace;
  };
}

import type { ArmPolicy, ClientProfile, OfferTerms, RemovalReason, ScoredCandidate } from '@sp/contracts';
import type { BudgetView } from './budget-ledger';
import { fitsAudience, isRunning, type Campaign, type CampaignFinder } from './campaign';
import { isWithin, type ContactPolicy } from './contact-policy';
import type { ContactState } from './contact-state';
import { boundTerms, discountMinor, reservationMinor } from './discount';

/** A candidate with the terms on which it would be issued and what it would be worth. */
export interface WeighedCandidate {
  readonly candidate: ScoredCandidate;
  readonly terms: OfferTerms;
  /** Expected margin after the discount, an expectation and so not whole: P(conversion) x (check x margin - discount). */
  readonly valueMinor: number;
}

export interface EligibilityContext {
  readonly profile: ClientProfile;
  readonly contact: ContactState;
  readonly arm: ArmPolicy;
  readonly campaigns: CampaignFinder;
  readonly budget: BudgetView;
  readonly policy: ContactPolicy;
  readonly timeMs: number;
}

export function weigh(candidate: ScoredCandidate): WeighedCandidate {
  const { expectedCheckMinor, marginPercent, conversion } = candidate;
  const terms = boundTerms(candidate.terms, expectedCheckMinor);
  const marginMinor = (expectedCheckMinor * marginPercent) / 100 - discountMinor(terms, expectedCheckMinor);
  return { candidate, terms, valueMinor: conversion * marginMinor };
}

/** The first reason for which this client may not get this offer now; the same for every arm. */
export function findRemovalReason({ candidate, terms }: WeighedCandidate, context: EligibilityContext): RemovalReason | undefined {
  const campaign = context.campaigns.find(candidate.campaignId);
  return findCampaignReason(campaign, context) ?? findContactReason(candidate, context) ?? findMoneyReason(candidate, terms, context);
}

function findCampaignReason(campaign: Campaign | undefined, { profile, timeMs }: EligibilityContext): RemovalReason | undefined {
  if (campaign?.paused) return 'campaign-paused';
  if (!campaign || !isRunning(campaign, timeMs)) return 'campaign-not-running';
  return fitsAudience(campaign, profile) ? undefined : 'outside-audience';
}

function findContactReason({ campaignId, merchantId }: ScoredCandidate, { contact, policy, timeMs }: EligibilityContext): RemovalReason | undefined {
  const { declines, live, exposures } = contact;
  if (declines.some((decline) => decline.merchantId === merchantId && isWithin(decline.timeMs, policy.declinedDays, timeMs))) return 'declined-recently';
  // Of one merchant too: two live offers there would leave open which of them a purchase redeems.
  if (live.some(({ offer }) => offer.merchantId === merchantId && timeMs <= Date.parse(offer.validUntil))) return 'live-offer-exists';
  if (exposures.some((exposure) => exposure.campaignId === campaignId && isWithin(exposure.timeMs, policy.reofferDays, timeMs))) return 'recently-offered';
  return undefined;
}

function findMoneyReason(candidate: ScoredCandidate, terms: OfferTerms, { budget, arm }: EligibilityContext): RemovalReason | undefined {
  if (reservationMinor(terms) > budget.availableMinor(candidate.campaignId, arm)) return 'budget-exhausted';
  // Nothing is known of what would be spent: neither a value nor a fair bound of the discount can be stated.
  return candidate.expectedCheckMinor > 0 ? undefined : 'value-not-positive';
}

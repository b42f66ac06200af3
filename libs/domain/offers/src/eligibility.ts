import type { ContactState, Finding, RemovalReason } from '@sp/contracts';
import { audienceMisfit, isKnownMerchant, isRunning, type PausedMerchants } from './campaign';
import { daysBetween, isWithin, nothingRelaxed, type Relaxed } from './contact-policy';
import { reservationMinor } from './discount';
import type { WeighedCandidate, WeighingContext } from './weigh';

export interface EligibilityContext extends WeighingContext {
  readonly contact: ContactState;
  readonly pausedMerchants: PausedMerchants;
}

export interface Removal extends Finding {
  readonly reason: RemovalReason;
}

type Rule = (weighed: WeighedCandidate, context: EligibilityContext) => Finding | undefined;

/** In the order in which they are asked; a rule answers with what it found against what it wants. The same for every arm. */
const rules: Readonly<Partial<Record<RemovalReason, Rule>>> = {
  'campaign-paused': ({ candidate }, { campaigns }) => (campaigns.find(candidate.campaignId)?.paused ? { value: 'paused', threshold: 'running' } : undefined),
  'merchant-paused': ({ candidate }, { pausedMerchants }) => (pausedMerchants.has(candidate.merchantId) ? { value: 'paused', threshold: 'running' } : undefined),
  'campaign-not-running': findNotRunning,
  'already-customer': findCustomer,
  'outside-audience': findMisfit,
  'wrong-channel': findWrongChannel,
  'too-far': ({ candidate: { distanceKm } }, { policy: { eligibility } }) => over(distanceKm, eligibility.farthestKm),
  'declined-recently': findDecline,
  'live-offer-exists': findLive,
  'recently-offered': findExposure,
  'campaign-cap': findCampaignCap,
  'budget-exhausted': findExhausted,
  'ahead-of-pace': findAhead,
  // Nothing is known of what would be spent: neither a value nor a fair bound of the discount can be stated.
  'value-not-positive': ({ candidate: { expectedCheckMinor } }) => (expectedCheckMinor > 0 ? undefined : { value: 0, threshold: 0 }),
};

const orderedRules = Object.entries(rules);

/** The first reason for which this client may not get this offer now. */
export function findRemoval(weighed: WeighedCandidate, context: EligibilityContext, relaxed: Relaxed = nothingRelaxed): Removal | undefined {
  for (const [reason, rule] of orderedRules) {
    const finding = relaxed.has(reason) ? undefined : rule(weighed, context);
    if (finding) return { reason: reason as RemovalReason, ...finding };
  }
  return undefined;
}

function findNotRunning({ candidate }: WeighedCandidate, { campaigns, timeMs }: EligibilityContext): Finding | undefined {
  const campaign = campaigns.find(candidate.campaignId);
  if (campaign && isRunning(campaign, timeMs)) return undefined;
  return { value: new Date(timeMs).toISOString(), threshold: campaign ? `${campaign.startsAt} to ${campaign.endsAt}` : 'published' };
}

function findCustomer({ candidate: { campaignId, merchantId } }: WeighedCandidate, { campaigns, profile }: EligibilityContext): Finding | undefined {
  if (campaigns.find(campaignId)?.objective !== 'new-merchant' || !isKnownMerchant(profile, merchantId)) return undefined;
  return { value: profile.merchants.find((used) => used.merchantId === merchantId)?.purchases ?? 1, threshold: 0 };
}

function findMisfit({ candidate: { campaignId } }: WeighedCandidate, { campaigns, profile }: EligibilityContext): Finding | undefined {
  const campaign = campaigns.find(campaignId);
  return campaign && audienceMisfit(campaign, profile);
}

function findWrongChannel({ candidate: { online } }: WeighedCandidate, { policy: { eligibility } }: EligibilityContext): Finding | undefined {
  if (online === undefined) return undefined;
  const channel = online ? 'online' : 'offline';
  return eligibility.channels.includes(channel) ? undefined : { value: channel, threshold: eligibility.channels.join(' or ') || 'none' };
}

function findDecline({ candidate: { merchantId } }: WeighedCandidate, { contact, policy: { contact: { declinedDays } }, timeMs }: EligibilityContext): Finding | undefined {
  const last = contact.declines.findLast((decline) => decline.merchantId === merchantId && isWithin(decline.timeMs, declinedDays, timeMs));
  return last && { value: daysBetween(last.timeMs, timeMs), threshold: declinedDays };
}

/** Of one merchant too: two live offers there would leave open which of them a purchase redeems. */
function findLive({ candidate: { merchantId } }: WeighedCandidate, { contact, timeMs }: EligibilityContext): Finding | undefined {
  const live = contact.live.find(({ offer }) => offer.merchantId === merchantId && timeMs <= Date.parse(offer.validUntil));
  return live && { value: live.offer.offerId, threshold: 'none until it ends' };
}

function findExposure({ candidate: { campaignId } }: WeighedCandidate, { contact, policy: { contact: { reofferDays } }, timeMs }: EligibilityContext): Finding | undefined {
  const last = contact.exposures.findLast((exposure) => exposure.campaignId === campaignId && isWithin(exposure.timeMs, reofferDays, timeMs));
  return last && { value: daysBetween(last.timeMs, timeMs), threshold: reofferDays };
}

function findCampaignCap({ candidate: { campaignId } }: WeighedCandidate, { contact, policy, timeMs }: EligibilityContext): Finding | undefined {
  const { campaignCap, campaignCapDays } = policy.contact;
  const made = contact.exposures.filter((exposure) => exposure.campaignId === campaignId && isWithin(exposure.timeMs, campaignCapDays, timeMs)).length;
  return made >= campaignCap ? { value: made, threshold: campaignCap } : undefined;
}

function findExhausted({ candidate: { campaignId }, terms }: WeighedCandidate, { budget, arm }: EligibilityContext): Finding | undefined {
  const cell = budget.cellOf(campaignId, arm);
  const leftMinor = cell ? cell.grantedMinor - cell.reservedMinor - cell.spentMinor : 0;
  return reservationMinor(terms) > leftMinor ? { value: reservationMinor(terms), threshold: leftMinor } : undefined;
}

function findAhead({ candidate: { campaignId } }: WeighedCandidate, { paceFor }: EligibilityContext): Finding | undefined {
  const pace = paceFor(campaignId);
  return pace && over(pace.usedMinor, pace.allowedMinor);
}

function over(value: number | undefined, threshold: number): Finding | undefined {
  return value !== undefined && value > threshold ? { value, threshold } : undefined;
}


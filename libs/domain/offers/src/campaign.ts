import type { BankEventData, ClientProfile, Finding, Place } from '@sp/contracts';

/** A published campaign; `paused` is the operator's word and absent where nobody paused it. */
export type Campaign = BankEventData<'campaign.published'> & { readonly paused?: boolean };

/** What a decision reads of a campaign. */
export type CampaignFacts = Pick<Campaign, 'campaignId' | 'merchantId' | 'objective' | 'startsAt' | 'endsAt' | 'audience' | 'paused'>;

/** What is read of a merchant here. */
export interface MerchantFacts {
  readonly merchantId: string;
  readonly mcc: number;
  readonly location?: Place | undefined;
  readonly priceLevel?: number | undefined;
  readonly online?: boolean | undefined;
}

export interface CampaignFinder {
  find(campaignId: string): CampaignFacts | undefined;
}

/** Merchants whom an operator has paused. */
export interface PausedMerchants {
  has(merchantId: string): boolean;
}

export interface LiveCampaigns {
  liveAt(timeMs: number): Iterable<Campaign>;
}

export interface MerchantFinder {
  find(merchantId: string): MerchantFacts | undefined;
}

export function isRunning(campaign: CampaignFacts, timeMs: number): boolean {
  return Date.parse(campaign.startsAt) <= timeMs && timeMs < Date.parse(campaign.endsAt);
}

/** A campaign for new clients of a merchant does not want the old ones; any other wants those of its audience. */
export function fitsAudience(campaign: CampaignFacts, profile: ClientProfile): boolean {
  if (campaign.objective === 'new-merchant' && isKnownMerchant(profile, campaign.merchantId)) return false;
  return audienceMisfit(campaign, profile) === undefined;
}

/** Every attribute of the audience must have one of the allowed values; the first that has not. */
export function audienceMisfit({ audience }: CampaignFacts, profile: ClientProfile): Finding | undefined {
  if (!audience) return undefined;
  for (const [name, allowed] of Object.entries(audience)) {
    const value = name === 'segment' ? profile.segment : profile.attributes[name];
    if (value === undefined || !allowed.includes(value)) return { value: `${name} ${value ?? 'unknown'}`, threshold: `${name} ${allowed.join(' or ')}` };
  }
  return undefined;
}

export function isKnownMerchant(profile: ClientProfile, merchantId: string): boolean {
  return profile.merchants.some((merchant) => merchant.merchantId === merchantId);
}

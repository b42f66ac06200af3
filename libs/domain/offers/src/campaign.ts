import type { BankEventData, ClientProfile, Place } from '@sp/contracts';

/** A published campaign; `paused` is the operator's word and absent where nobody paused it. */
export type Campaign = BankEventData<'campaign.published'> & { readonly paused?: boolean };

/** What is read of a merchant here. */
export interface MerchantFacts {
  readonly merchantId: string;
  readonly mcc: number;
  readonly location?: Place | undefined;
  readonly priceLevel?: number | undefined;
}

export interface CampaignFinder {
  find(campaignId: string): Campaign | undefined;
}

export interface LiveCampaigns {
  liveAt(timeMs: number): Iterable<Campaign>;
}

export interface MerchantFinder {
  find(merchantId: string): MerchantFacts | undefined;
}

export function isRunning(campaign: Campaign, timeMs: number): boolean {
  return Date.parse(campaign.startsAt) <= timeMs && timeMs < Date.parse(campaign.endsAt);
}

/**
 * Is this client one of those whom the campaign wants: every attribute of its audience has one of the allowed values.
 * A campaign for new clients of a merchant does not want the old ones.
 */
export function fitsAudience(campaign: Campaign, profile: ClientProfile): boolean {
  if (campaign.objective === 'new-merchant' && isKnownMerchant(profile, campaign.merchantId)) return false;
  return Object.entries(campaign.audience ?? {}).every(([name, allowed]) => {
    const value = name === 'segment' ? profile.segment : profile.attributes[name];
    return value !== undefined && allowed.includes(value);
  });
}

export function isKnownMerchant(profile: ClientProfile, merchantId: string): boolean {
  return profile.merchants.some((merchant) => merchant.merchantId === merchantId);
}

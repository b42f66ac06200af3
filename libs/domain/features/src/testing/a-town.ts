import { contactLimits } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { CampaignTable } from '../reference/campaign-table';
import { MerchantTable } from '../reference/merchant-table';
import type { Reference } from '../reference/reference';

export const bakery = { merchantId: 'bakery', mcc: 5462, location: { lat: 52.5, lon: 13.4 } };
/** Food as well, a kilometre to the north. */
export const market = { merchantId: 'market', mcc: 5411, location: { lat: 52.509, lon: 13.4 } };
export const garage = { merchantId: 'garage', mcc: 7538, location: { lat: 52.6, lon: 13.4 } };

/** Three merchants; those named have a campaign through 2026. */
export function aTown(...campaignsOf: readonly { readonly merchantId: string }[]): Reference {
  const reference = { merchants: new MerchantTable(), campaigns: new CampaignTable(), limits: contactLimits };
  for (const data of [bakery, market, garage]) reference.merchants.apply(anEvent('merchant.registered', { data }));
  for (const { merchantId } of campaignsOf) reference.campaigns.apply(anEvent('campaign.published', { data: { campaignId: `k-${merchantId}`, merchantId } }));
  return reference;
}

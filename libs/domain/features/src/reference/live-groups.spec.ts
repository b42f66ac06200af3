import { contactLimits } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { CampaignTable } from './campaign-table';
import { isGroupLive, isLiveElsewhere } from './live-groups';
import { mccGroup, relatedGroups } from './mcc-group';
import { MerchantTable } from './merchant-table';
import type { Reference } from './reference';

const supermarket = 5411;
const restaurant = 5812;
const fuelStation = 5541;

function referenceWith(merchants: Readonly<Record<string, number>>, campaignsOf: readonly string[]): Reference {
  const reference = { merchants: new MerchantTable(), campaigns: new CampaignTable(), limits: contactLimits };
  for (const [merchantId, mcc] of Object.entries(merchants)) reference.merchants.apply(anEvent('merchant.registered', { data: { merchantId, mcc } }));
  for (const merchantId of campaignsOf) reference.campaigns.apply(anEvent('campaign.published', { data: { campaignId: `k-${merchantId}`, merchantId } }));
  return reference;
}

describe('mccGroup', () => {
  it('puts codes of one trade together and others apart', () => {
    expect([mccGroup(5411), mccGroup(5462), mccGroup(5812), mccGroup(3001), mccGroup(7011), mccGroup(0), mccGroup(9999)]).toEqual(
      ['food-stores', 'food-stores', 'eating', 'travel', 'travel', 'agriculture', 'government'],
    );
  });

  it('relates groups both ways', () => {
    expect(relatedGroups('eating')).toContain('food-stores');
    expect(relatedGroups('food-stores')).toContain('eating');
    expect(relatedGroups('utilities')).toEqual(['utilities']);
  });
});

describe('live groups', () => {
  const reference = referenceWith({ market: supermarket, diner: restaurant }, ['market']);

  it('knows in which groups a campaign is live', () => {
    expect(isGroupLive(reference, 5462, mondayMs)).toBe(true);
    expect(isGroupLive(reference, restaurant, mondayMs)).toBe(false);
  });

  it('finds a live campaign of the same or a related group only at another merchant', () => {
    expect(isLiveElsewhere(reference, supermarket, 'market', mondayMs)).toBe(false);
    expect(isLiveElsewhere(reference, supermarket, 'other-market', mondayMs)).toBe(true);
    expect(isLiveElsewhere(reference, restaurant, 'diner', mondayMs)).toBe(true);
    expect(isLiveElsewhere(reference, fuelStation, 'pump', mondayMs)).toBe(false);
  });

  it('sees a merchant that is registered, and a campaign that is published, after the first question', () => {
    const late = referenceWith({}, ['market']);
    expect(isGroupLive(late, supermarket, mondayMs)).toBe(false);
    late.merchants.apply(anEvent('merchant.registered', { data: { merchantId: 'market', mcc: supermarket } }));
    expect(isGroupLive(late, supermarket, mondayMs)).toBe(true);
  });
});

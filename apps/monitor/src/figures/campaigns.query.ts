import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { CampaignFigures } from '@sp/contracts';
import { mainCurrency } from './main-currency.sql';

/** What each campaign's delivered offers have come to so far, the latest used first. */
export function campaignFigures(client: ClickHouseClient): Promise<CampaignFigures[]> {
  return readRows(client, query);
}

const query = `
SELECT o.campaign_id AS campaignId, any(o.merchant_id) AS merchantId,
  ${mainCurrency} AS currency,
  count() AS offers, countIf(o.offer_id IN (SELECT offer_id FROM responses WHERE response = 'accepted')) AS accepted,
  countIf(c.redeemed = 1) AS redeemed, sum(c.spend_minor) AS spendMinor, sum(c.discount_minor) AS discountMinor, toUnixTimestamp64Milli(max(o.time)) AS lastOfferMs
FROM offers AS o LEFT JOIN latest_outcomes AS c ON c.offer_id = o.offer_id
WHERE o.ghost = 0
GROUP BY campaignId ORDER BY lastOfferMs DESC, campaignId LIMIT 1000`;

import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { ArmChoices } from '@sp/contracts';
import { featureNames } from '@sp/features';
import { modelFeatureNames } from '@sp/offers';

const knownMerchant = modelFeatureNames(featureNames).indexOf('pair.known_merchant') + 1;

/** How bold and how broad each arm's choices of the last four weeks were, ghosts among them: what was drawn by lot, what went where the client buys already, how many campaigns were ever chosen. */
export function armChoices(client: ClickHouseClient): Promise<ArmChoices[]> {
  return readRows(client, query, { knownMerchant });
}

const query = `
SELECT arm, count() AS choices, avg(exploration) AS "explorationShare", avg(features[{knownMerchant:UInt32}] > 0) AS "repeatShare", uniqExact(campaign_id) AS campaigns
FROM decisions WHERE outcome != 'none' AND time > (SELECT max(time) FROM decisions) - INTERVAL 28 DAY
GROUP BY arm ORDER BY indexOf(['model', 'rules', 'random', 'holdout'], toString(arm))`;

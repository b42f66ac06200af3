import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { Overview } from '@sp/contracts';

/** Offers that were delivered; the holdout's would-be ones are none. */
export function offersByScenario(client: ClickHouseClient): Promise<Overview['offersByScenario']> {
  return readRows(client, 'SELECT scenario, sum(count) AS offers FROM offers_by_minute WHERE ghost = 0 GROUP BY scenario ORDER BY scenario');
}

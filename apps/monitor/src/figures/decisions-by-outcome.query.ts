import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { Overview } from '@sp/contracts';

export function decisionsByOutcome(client: ClickHouseClient): Promise<Overview['decisionsByOutcome']> {
  return readRows(client, 'SELECT outcome, reason, count() AS decisions FROM decisions GROUP BY outcome, reason ORDER BY outcome, reason');
}

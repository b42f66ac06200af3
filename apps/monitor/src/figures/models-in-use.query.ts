import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { ModelInUse } from '@sp/contracts';

/** Versions of the model that decisions cite, the latest used first. */
export function modelsInUse(client: ClickHouseClient): Promise<ModelInUse[]> {
  return readRows(
    client,
    `SELECT model_version AS version, count() AS decisions, toUnixTimestamp64Milli(min(time)) AS firstMs, toUnixTimestamp64Milli(max(time)) AS lastMs
     FROM decisions WHERE model_version != '' GROUP BY version ORDER BY lastMs DESC, version`,
  );
}

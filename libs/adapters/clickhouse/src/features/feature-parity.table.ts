import type { ClickHouseClient } from '@clickhouse/client';
import { featuresVersion } from '@sp/features';
import type { ParityReport } from './parity';

/** Writes down what a check has found; a row in which something differs is an incident. */
export async function recordParity(client: ClickHouseClient, report: ParityReport, checkedAtMs: number): Promise<void> {
  const differing = report.features.filter((feature) => feature.differing > 0);
  const [first] = differing;
  const row = {
    checked_at: new Date(checkedAtMs).toISOString().replace('T', ' ').slice(0, 23), features_version: featuresVersion, compared: report.compared, not_found: report.notFound.length,
    differing: report.differingDecisions, features: differing.map(({ feature }) => feature),
    example: first?.example ? `${first.feature} of ${first.example.decisionId}: online ${first.example.online}, recomputed ${first.example.recomputed}` : '',
  };
  await client.insert({ table: 'feature_parity', values: [row], format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: `feature-parity:${checkedAtMs}` } });
}

import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import { featureNames } from '@sp/features';

/** One client as the last decision of a window found him. */
export interface DecidedClient {
  readonly features: readonly number[];
}

export interface ScoredOffer {
  readonly modelVersion: string;
  readonly segment: string;
  readonly probability: number;
  readonly issuedMs: number;
  readonly convertedMs: number | null;
}

export interface DriftCheck {
  readonly what: 'feature' | 'score' | 'calibration';
  readonly name: string;
  readonly modelVersion: string;
  readonly segment: string;
  readonly rows: number;
  readonly referenceRows: number;
  readonly stabilityIndex: number;
  readonly shiftZ: number;
  readonly pValue: number;
  readonly expected: number;
  readonly observed: number;
  readonly drifted: boolean;
}

/** Enough to find a shift of a fifth of a standard deviation; which clients is decided by their ids, so that a repeated look sees the same. */
const mostClients = 2_000;
const mostOffers = 50_000;

const span = 'time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})';

/** One row a client: rows of one client are not independent of each other. */
export async function decidedClients(client: ClickHouseClient, from: number, to: number): Promise<DecidedClient[]> {
  const query = `SELECT arraySlice(argMax(features, time), 1, {width:UInt32}) AS vector FROM decisions WHERE length(features) >= {width:UInt32} AND ${span} GROUP BY client_id ORDER BY cityHash64(client_id) LIMIT {most:UInt32}`;
  const rows = await readRows<{ vector: readonly (number | null)[] }>(client, query, { from, to, width: featureNames.length, most: mostClients });
  return rows.map(({ vector }) => ({ features: vector.map((value) => value ?? NaN) }));
}

/** Real offers with the probability that the deciding model gave them, and when the bank reported their redemption. */
export function scoredOffers(client: ClickHouseClient, from: number, to: number): Promise<ScoredOffer[]> {
  const query = `
    SELECT toString(d.model_version) AS modelVersion, d.segment AS segment, toFloat64(d.score) AS probability, toUnixTimestamp64Milli(d.time) AS issuedMs, toUnixTimestamp64Milli(r.at) AS convertedMs
    FROM (SELECT offer_id, model_version, score, time, JSONExtractString(record, 'inputs', 'profile', 'segment') AS segment FROM decisions WHERE outcome = 'offer' AND score > 0 AND ${span} ORDER BY cityHash64(offer_id) LIMIT {most:UInt32}) AS d
    LEFT JOIN (SELECT offer_id, toNullable(min(time)) AS at FROM responses WHERE response = 'redeemed' GROUP BY offer_id) AS r ON r.offer_id = d.offer_id ORDER BY issuedMs`;
  return readRows(client, query, { from, to, most: mostOffers });
}

export async function firstDecisionMs(client: ClickHouseClient): Promise<number | undefined> {
  const [row] = await readRows<{ at: number | null }>(client, 'SELECT toUnixTimestamp64Milli(minOrNull(time)) AS at FROM decisions');
  return row?.at ?? undefined;
}

export async function keepDriftChecks(client: ClickHouseClient, atMs: number, checks: readonly DriftCheck[]): Promise<void> {
  if (checks.length === 0) return;
  await client.insert({
    table: 'drift_checks', format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: `drift:${atMs}:${checks.length}` },
    columns: ['at', 'what', 'name', 'model_version', 'segment', 'rows', 'reference_rows', 'stability_index', 'shift_z', 'p_value', 'expected', 'observed', 'drifted'],
    values: checks.map(({ modelVersion, referenceRows, stabilityIndex, shiftZ, pValue, drifted, ...rest }) => ({
      ...rest, at: Math.floor(atMs / 1000), model_version: modelVersion, reference_rows: referenceRows, stability_index: stabilityIndex, shift_z: shiftZ, p_value: pValue, drifted: drifted ? 1 : 0,
    })),
  });
}

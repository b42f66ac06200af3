import type { ClickHouseClient } from '@clickhouse/client';
import { featureNames } from '@sp/features';
import type { InsightRows } from '@sp/learning';
import { modelFeatureNames } from '@sp/offers';
import { readRows } from '../read-rows';

interface Vector {
  readonly redeemed: number;
  readonly features: readonly (number | null)[];
}

/** Fewer say too little of a correlation; then all arms are taken. */
const leastRandomRows = 1_000;

/** Offers whose outcome is known: of the arm that draws at random if there are enough, since there the offer was not chosen by these very features. */
export async function readInsightRows(client: ClickHouseClient, limit: number): Promise<InsightRows> {
  const random = await outcomesOf(client, `arm = 'random' AND ghost = 0`, limit);
  if (random.length >= leastRandomRows) return asColumns(random, 'offers drawn at random whose outcome is known', true);
  const all = await outcomesOf(client, 'ghost = 0', limit);
  if (all.length > 0) return asColumns(all, 'delivered offers of all arms whose outcome is known; who got one was chosen by the arms, which shows in the correlations', true);
  const ghosts = await outcomesOf(client, 'ghost = 1', limit);
  if (ghosts.length > 0) return asColumns(ghosts, 'offers that would have been made; nobody was told of them, so "redeemed" is a purchase that met the terms by itself', true);
  const decided = await readRows<Vector>(
    client,
    'SELECT 0 AS redeemed, arraySlice(features, 1, {width:UInt32}) AS features FROM decisions WHERE length(features) IN ({width:UInt32}, {whole:UInt32}) ORDER BY cityHash64(decision_id) LIMIT {limit:UInt32}',
    { width: featureNames.length, whole: modelFeatureNames(featureNames).length, limit },
  );
  return asColumns(decided, 'decisions; no outcome is known yet, so there is no target', false);
}

/** Where the events came from, by number: the system's own ticks aside. */
export async function readSources(client: ClickHouseClient): Promise<{ readonly source: string; readonly events: number }[]> {
  return readRows(client, `SELECT source, count() AS events FROM feature_inputs WHERE type != 'clock.ticked' GROUP BY source ORDER BY events DESC LIMIT 10`);
}

async function outcomesOf(client: ClickHouseClient, condition: string, limit: number): Promise<Vector[]> {
  return readRows<Vector>(
    client,
    `SELECT redeemed, features FROM latest_outcomes WHERE ${condition} AND length(features) = {width:UInt32} ORDER BY cityHash64(offer_id) LIMIT {limit:UInt32}`,
    { width: modelFeatureNames(featureNames).length, limit },
  );
}

function asColumns(vectors: readonly Vector[], of: string, hasTarget: boolean): InsightRows {
  const all = modelFeatureNames(featureNames);
  const names = hasTarget ? all : all.slice(0, featureNames.length);
  const columns = names.map((_, place) => Float64Array.from(vectors, ({ features }) => features[place] ?? NaN));
  return { names, columns, rows: vectors.length, of, redeemed: hasTarget ? Float64Array.from(vectors, ({ redeemed }) => redeemed) : undefined };
}

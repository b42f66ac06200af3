import { readInputs, readRows, type ClickHouseClient } from '@sp/clickhouse';
import { featureNames, Recomputation } from '@sp/features';

/** One client's features as they stood at a time: what had come until then, late or not, and nothing that came after. */
export async function featuresAt(client: ClickHouseClient, clientId: string, timeMs: number): Promise<Readonly<Record<string, number>> | undefined> {
  const [found] = await readRows<{ partition: number }>(client, `SELECT partition FROM feature_inputs WHERE subject = {clientId:String} LIMIT 1`, { clientId });
  if (!found) return undefined;
  const recomputation = new Recomputation([{ key: clientId, clientId, at: { kind: 'time', timeMs } }]);
  const inputs = await readInputs(client, { partition: found.partition, clientIds: [clientId], tickTimesMs: [] });
  const [known] = [...inputs.flatMap((input) => recomputation.apply(input)), ...recomputation.finish()];
  return known && Object.fromEntries(featureNames.map((name, place) => [name, known.vector[place] ?? NaN]));
}

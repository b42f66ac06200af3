import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { DecisionRecord } from '@sp/contracts';
import { featureNames, featuresVersion, isOfWake, type Instant } from '@sp/features';

/** A decision's moment and the client's part of the vector that it used. */
export interface SampledDecision {
  readonly partition: number;
  readonly instant: Instant;
  readonly vector: readonly number[];
}

export interface Sample {
  readonly decisions: readonly SampledDecision[];
  /** Made by features of another version: nothing to compare with. */
  readonly ofOtherVersions: number;
}

/** Those of the smallest hashes: the same ones each time, and of all clients and times alike. */
export async function sampleDecisions(client: ClickHouseClient, size: number): Promise<Sample> {
  const rows = await readRows<{ partition: number; timeMs: number; record: string }>(
    client,
    `SELECT partition, toUnixTimestamp64Milli(time) AS "timeMs", record FROM decisions
     WHERE decision_id IN (SELECT decision_id FROM decisions ORDER BY cityHash64(decision_id), decision_id LIMIT {size:UInt32})`,
    { size },
  );
  const read = rows.map(({ partition, timeMs, record }) => ({ partition, timeMs, record: JSON.parse(record) as DecisionRecord }));
  const own = read.filter(({ record }) => record.versions.features === featuresVersion);
  return { decisions: own.map(asSampled), ofOtherVersions: read.length - own.length };
}

/** A timer's decision bears the time of the tick that woke the client, any other the time of its triggering event. */
function asSampled({ partition, timeMs, record }: { partition: number; timeMs: number; record: DecisionRecord }): SampledDecision {
  const { decisionId: key, clientId, scenario, trigger, triggerEventId: id, features } = record;
  const at: Instant['at'] = scenario === 'event' && !isOfWake(trigger, id) ? { kind: 'event', id, timeMs } : { kind: 'tick', timeMs };
  // JSON has no NaN: what is missing comes back as null.
  const vector = (features as readonly (number | null)[]).slice(0, featureNames.length).map((value) => value ?? NaN);
  return { partition, instant: { key, clientId, at }, vector };
}

import type { ClickHouseClient } from '@clickhouse/client';
import type { DecisionRecord } from '@sp/contracts';
import { featureNames, featuresVersion, isOfWake, type Instant } from '@sp/features';
import { readRows } from '../read-rows';

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

export interface SampleWanted {
  readonly size: number;
  /** Another salt is another sample; the same one is the same. */
  readonly salt?: string;
  /** Only of the line's last days, by event time. */
  readonly lastDays?: number;
}

/** Those of the smallest hashes: of all clients and times alike. */
export async function sampleDecisions(client: ClickHouseClient, { size, salt = '', lastDays = 100_000 }: SampleWanted): Promise<Sample> {
  const rows = await readRows<{ partition: number; timeMs: number; record: string }>(
    client,
    `SELECT partition, toUnixTimestamp64Milli(time) AS "timeMs", record FROM decisions
     WHERE decision_id IN (
       SELECT decision_id FROM decisions WHERE time > (SELECT max(time) FROM decisions) - toIntervalDay({lastDays:UInt32})
       ORDER BY cityHash64(decision_id, {salt:String}), decision_id LIMIT {size:UInt32})`,
    { size, salt, lastDays },
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

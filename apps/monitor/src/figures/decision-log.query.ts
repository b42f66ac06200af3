import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { Experiment, ExperimentLogEntry, NextStep } from '@sp/contracts';

/** The newest first. */
export function decisionLog(client: ClickHouseClient, { experimentId, epoch }: Pick<Experiment, 'experimentId' | 'epoch'>): Promise<ExperimentLogEntry[]> {
  return readRows(client, `
    SELECT toUnixTimestamp64Milli(time) AS atMs, decided_by AS "by", decision, reason, toUnixTimestamp64Milli(known_until) AS knownUntilMs, next_step AS nextStep
    FROM experiment_decisions WHERE experiment_id = {experimentId:String} AND epoch = {epoch:UInt32} ORDER BY time DESC LIMIT 100`, { experimentId, epoch });
}

export interface NewLogEntry extends Pick<ExperimentLogEntry, 'by' | 'decision' | 'reason'> {
  readonly nextStep: NextStep;
}

export async function noteDecision(client: ClickHouseClient, { experimentId, epoch, untilMs }: Pick<Experiment, 'experimentId' | 'epoch' | 'untilMs'>, { by, decision, reason, nextStep }: NewLogEntry): Promise<void> {
  const row = { experiment_id: experimentId, epoch, decided_by: by, decision, reason, known_until: new Date(untilMs).toISOString().slice(0, -1).replace('T', ' '), next_step: nextStep };
  await client.insert({ table: 'experiment_decisions', values: [row], format: 'JSONEachRow' });
}

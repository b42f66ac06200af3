import { setTimeout as delay } from 'node:timers/promises';
import { operatorPatterns } from '@sp/contracts';
import type { Alarm } from './report/findings';
import type { ModelInForce, TrainingTold } from './report/learning';
import type { MonitorDoor } from './monitor-door';
import type { OperatorsDoor } from './operators-door';

interface ListedModel {
  readonly version: string;
  readonly active: boolean;
  readonly card: { readonly trainedAt: string; readonly rows: number; readonly metrics: { readonly crossValidation: Ranking; readonly test: Ranking } };
}

interface Ranking {
  readonly rocAuc: number | null;
}

interface TrainingStatus {
  readonly state: 'idle' | 'running';
  readonly last?: TrainingTold;
}

export interface LineDiaryOptions {
  readonly monitor: MonitorDoor;
  readonly operators: OperatorsDoor;
  readonly signal: AbortSignal;
}

/**
 * What the line says of itself as the days pass, asked at its own doors: which model is in force since when, how trainings went, whether clients are split
 * between the arms as asked. Kept of one run only.
 */
export class LineDiary {
  readonly models: ModelInForce[] = [];
  readonly trainings: TrainingTold[] = [];
  readonly alarms: Alarm[] = [];
  private splitBroken = false;

  constructor(private readonly options: LineDiaryOptions) {}

  /** At the start of a simulated day. A training that goes on is waited for: in a fast simulation it would else last for simulated weeks. */
  async look(nowMs: number): Promise<void> {
    await this.lookAtTraining(nowMs);
    await this.lookAtModels(nowMs);
    await this.lookAtSplit(nowMs);
  }

  private async lookAtTraining(nowMs: number): Promise<void> {
    let status = await this.ask<TrainingStatus>(operatorPatterns.trainingStatus);
    for (; status?.state === 'running' && !this.options.signal.aborted; status = await this.ask<TrainingStatus>(operatorPatterns.trainingStatus)) await delay(250);
    if (status?.last && status.last.startedAt !== this.trainings.at(-1)?.startedAt) this.trainings.push({ ...status.last, seenMs: nowMs });
  }

  private async lookAtModels(nowMs: number): Promise<void> {
    const active = (await this.ask<readonly ListedModel[]>(operatorPatterns.listModels))?.find((model) => model.active);
    if (!active || active.version === this.models.at(-1)?.version) return;
    const { rows, metrics } = active.card;
    const [crossValidationAuc, laterAuc] = [metrics.crossValidation.rocAuc, metrics.test.rocAuc];
    this.models.push({ version: active.version, sinceMs: nowMs, rows, ...(crossValidationAuc !== null && { crossValidationAuc }), ...(laterAuc !== null && { laterAuc }) });
  }

  private async lookAtSplit(nowMs: number): Promise<void> {
    const experiment = (await this.options.monitor.experiments())?.experiments[0];
    if (!experiment) return;
    const isBroken = experiment.split.state === 'broken';
    if (isBroken && !this.splitBroken) this.alarms.push({ signal: `split:${experiment.experimentId}`, atMs: nowMs });
    this.splitBroken = isBroken;
  }

  /** A service that does not answer now is asked again tomorrow. */
  private ask<Answer>(pattern: string): Promise<Answer | undefined> {
    return this.options.operators.ask<Answer>(pattern, {}).catch(() => undefined);
  }
}

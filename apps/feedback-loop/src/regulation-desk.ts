import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import { connectClickHouse, readCampaignAnswers, readLearnable, recordAutomaticChange, type ClickHouseClient } from '@sp/clickhouse';
import { natsAddress, operatorPatterns, type DecisionPolicy } from '@sp/contracts';
import { regulateExploration, retrainingReason, surpriseOf, type Surprise } from '@sp/offers';
import { randomUUID } from 'node:crypto';
import { firstValueFrom, timeout } from 'rxjs';
import type { TrainingDesk } from './training/training-desk';

export interface RegulationDeskOptions {
  readonly clickHouseUrl: string;
  readonly natsUrl: string;
  /** Looks so often, in the line's own time; 0 never. */
  readonly everyHours: number;
  readonly training: Pick<TrainingDesk, 'start'>;
}

const lookEveryMs = 5_000;
const hourMs = 3_600_000;
/** A new model gets so long before another one is wanted for the same reason: its own offers must first have had their time. */
const restMs = 7 * 24 * hourMs;
const answerMs = 10_000;
const longestBy = 128;

/**
 * How wrong is the model about what offers come to, and what follows from it? Once a day of the line's time the exploration share follows the measured
 * surprise within its bounds, and a training is begun where the surprise is beyond them. Each change is a fact in the control log with its reason, and a row that
 * a person can take back. Not on the line's path: while ClickHouse or the recommender is away nothing is regulated.
 */
export class RegulationDesk implements BeforeApplicationShutdown {
  readonly #clickHouse: ClickHouseClient;
  readonly #operators: ClientProxy;
  readonly #logger = new Logger('regulation');
  readonly #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookedAtMs: number | undefined;
  #trainedAtMs = -Infinity;

  constructor(private readonly options: RegulationDeskOptions) {
    this.#clickHouse = connectClickHouse(options.clickHouseUrl);
    this.#operators = ClientProxyFactory.create({ transport: Transport.NATS, options: { ...natsAddress(options.natsUrl), name: 'regulation' } });
    if (options.everyHours > 0) this.#timer = setInterval(() => this.#begin(), lookEveryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#operators.close();
    await this.#clickHouse.close();
  }

  #begin(): void {
    this.#looking ??= this.#look().catch((error: unknown) => this.#logger.warn(String(error))).finally(() => (this.#looking = undefined));
  }

  async #look(): Promise<void> {
    const nowMs = (await readLearnable(this.#clickHouse))?.untilMs;
    if (nowMs === undefined || nowMs - (this.#lookedAtMs ?? -Infinity) < this.options.everyHours * hourMs) return;
    const surprise = surpriseOf(await readCampaignAnswers(this.#clickHouse));
    if (surprise) {
      await this.#explore(surprise, nowMs);
      await this.#retrain(surprise, nowMs);
    }
    this.#lookedAtMs = nowMs;
  }

  async #explore(surprise: Surprise, timeMs: number): Promise<void> {
    const policy = await this.#ask<DecisionPolicy>(operatorPatterns.readPolicy, {});
    const regulation = regulateExploration(policy, surprise, { timeMs });
    if (!regulation) return;
    const { changes, reason } = regulation;
    const answer = await this.#ask<{ message?: string }>(operatorPatterns.publishPolicy, { changes, by: `regulation: ${reason}`.slice(0, longestBy) });
    if (answer.message !== undefined) throw new Error(answer.message);
    await this.#record('exploration', timeMs, { before: String(policy.exploration.share), after: String(changes.exploration.share), reason });
  }

  async #retrain(surprise: Surprise, timeMs: number): Promise<void> {
    const reason = retrainingReason(surprise);
    if (reason === undefined || timeMs - this.#trainedAtMs < restMs) return;
    if ('message' in this.options.training.start(`regulation: ${reason}`)) return;
    this.#trainedAtMs = timeMs;
    await this.#record('training', timeMs, { before: '', after: '', reason });
  }

  async #record(kind: 'exploration' | 'training', atMs: number, change: { readonly before: string; readonly after: string; readonly reason: string }): Promise<void> {
    this.#logger.log(`${kind}: ${change.reason}`);
    await recordAutomaticChange(this.#clickHouse, { changeId: randomUUID(), atMs, kind, ...change, undoneBy: '' });
  }

  #ask<Answer>(pattern: string, data: object): Promise<Answer> {
    return firstValueFrom(this.#operators.send<Answer>(pattern, data).pipe(timeout(answerMs)));
  }
}

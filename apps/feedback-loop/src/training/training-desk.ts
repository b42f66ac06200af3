import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ClientProxyFactory, Transport, type ClientProxy } from '@nestjs/microservices';
import { connectClickHouse, readLearnable, readRedemptionExamples, recordAutomaticChange, type ClickHouseClient, type Learnable, type RedemptionExample } from '@sp/clickhouse';
import { natsAddress, operatorPatterns } from '@sp/contracts';
import { featureNames } from '@sp/features';
import { takeRows, type Examples } from '@sp/learning';
import { openScorer, trainInChild, type ModelStore, type StoredModel } from '@sp/models';
import { modelFeatureNames } from '@sp/offers';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { firstValueFrom, timeout } from 'rxjs';
import { judgeChallenger, type Gate } from './promotion-gates';

const redemptionModel = 'redemption';
/** Fewer examples teach nothing that would pass the gates. */
const leastExamples = 500;
const answerMs = 30_000;
const seed = 7;
/** Of a control fact. */
const longestBy = 128;

export interface TrainingStatus {
  readonly state: 'idle' | 'running';
  readonly last?: TrainingReport;
}

export interface TrainingReport {
  readonly by: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly examples: number;
  /** 'promoted': it scores now; 'held back': stored, a gate did not pass; 'failed': there is no new model. */
  readonly outcome: 'promoted' | 'held back' | 'failed';
  readonly version?: string;
  readonly gates?: readonly Gate[];
  readonly message?: string;
}

export interface TrainingDeskOptions {
  readonly store: ModelStore;
  readonly folder: string;
  readonly clickHouseUrl: string;
  readonly natsUrl: string;
  /** Trains when so many outcomes are new since the last training; 0 never. */
  readonly afterOutcomes: number;
  /** Trains so often, in the line's own time; 0 never. */
  readonly everyHours: number;
}

/** Often enough for a line that lives through a day in some seconds: it asks for two numbers. */
const lookEveryMs = 5_000;

/**
 * Trains the redemption model from what the line has learned, one training at a time: examples of the random arm -> child process ->
 * object store -> gates -> the scorer is asked to switch, which is a fact in the control log. Started by an operator, by the number of new outcomes, or by the clock.
 */
export class TrainingDesk implements BeforeApplicationShutdown {
  readonly #clickHouse: ClickHouseClient;
  readonly #scorer: ClientProxy;
  readonly #logger = new Logger('training');
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #last: TrainingReport | undefined;
  #before: Learnable | undefined;

  constructor(private readonly options: TrainingDeskOptions) {
    this.#clickHouse = connectClickHouse(options.clickHouseUrl);
    this.#scorer = ClientProxyFactory.create({ transport: Transport.NATS, options: { ...natsAddress(options.natsUrl), name: 'training' } });
    if (options.afterOutcomes > 0 || options.everyHours > 0) this.#timer = setInterval(() => void this.#lookAtTriggers().catch((error: unknown) => this.#logger.warn(String(error))), lookEveryMs);
  }

  status(): TrainingStatus {
    return { state: this.#running ? 'running' : 'idle', ...(this.#last && { last: this.#last }) };
  }

  /** Answers at once; the status tells how it went. */
  start(by: string): { started: true } | { message: string } {
    if (this.#running) return { message: 'a training is already running' };
    this.#running = this.#report(by).finally(() => (this.#running = undefined));
    return { started: true };
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending.abort();
    await this.#running;
    await this.#scorer.close();
    await this.#clickHouse.close();
  }

  async #lookAtTriggers(): Promise<void> {
    const { afterOutcomes, everyHours } = this.options;
    if (this.#running) return;
    const now = await readLearnable(this.#clickHouse);
    if (now === undefined) return;
    this.#before ??= now;
    if (everyHours > 0 && now.untilMs - this.#before.untilMs >= everyHours * 3_600_000) return void this.start('schedule');
    if (afterOutcomes > 0 && now.examples - this.#before.examples >= afterOutcomes) this.start('new outcomes');
  }

  async #report(by: string): Promise<void> {
    const startedAt = new Date().toISOString();
    let examples = 0;
    const now = await readLearnable(this.#clickHouse).catch(() => undefined);
    try {
      const rows = await readRedemptionExamples(this.#clickHouse);
      examples = rows.length;
      if (examples < leastExamples) throw new Error(`only ${examples} offers of the random arm have their outcome; ${leastExamples} are needed`);
      const learned = await this.#train(rows, startedAt, by);
      this.#last = { by, startedAt, endedAt: new Date().toISOString(), examples, ...learned };
    } catch (error) {
      this.#last = { by, startedAt, endedAt: new Date().toISOString(), examples, outcome: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
    this.#before = now ?? this.#before;
    this.#logger.log(JSON.stringify(this.#last));
  }

  async #train(rows: readonly RedemptionExample[], trainedAt: string, by: string): Promise<Pick<TrainingReport, 'outcome' | 'version' | 'gates' | 'message'>> {
    const names = modelFeatureNames(featureNames);
    const examples = examplesOf(rows, names.length);
    const order = { name: redemptionModel, featureNames: names, seed, trainedAt, note: `trained by the line itself on ${rows.length} offers of the random arm (started by: ${by})`, fitOn: 'train-part' } as const;
    const trained = await trainInChild({ folder: join(this.options.folder, 'training'), order, examples, signal: this.#ending.signal });
    const { version } = await this.options.store.save(redemptionModel, trained.bytes, trained.card);
    const gates = await this.#judge(trained, examples);
    if (!gates.every(({ passed }) => passed)) return { outcome: 'held back', version, gates };
    const before = await this.#activeVersion();
    const answer = await firstValueFrom(this.#scorer.send<{ version?: string; message?: string }>(operatorPatterns.activateModel, { version, by: `training (${by})`.slice(0, longestBy) }).pipe(timeout(answerMs)));
    if (answer.message !== undefined) return { outcome: 'held back', version, gates, message: answer.message };
    const atMs = (await readLearnable(this.#clickHouse))?.untilMs ?? Date.now();
    await recordAutomaticChange(this.#clickHouse, { changeId: randomUUID(), atMs, kind: 'model', before: before ?? '', after: version, reason: `${by}: all gates passed`, undoneBy: '' });
    return { outcome: 'promoted', version, gates };
  }

  async #activeVersion(): Promise<string | undefined> {
    const models = await firstValueFrom(this.#scorer.send<{ version: string; active: boolean }[]>(operatorPatterns.listModels, {}).pipe(timeout(answerMs)));
    return models.find(({ active }) => active)?.version;
  }

  async #judge({ bytes, card }: StoredModel, examples: Examples): Promise<Gate[]> {
    const later = takeRows(examples, Uint32Array.from(examples.timesMs.keys()).filter((row) => (examples.timesMs[row] ?? 0) >= card.testFromMs));
    const active = await this.#activeVersion();
    const champion = active === undefined ? undefined : await this.options.store.load(redemptionModel, active);
    const isComparable = champion?.card.featureNames.join() === card.featureNames.join();
    return judgeChallenger({ card, redeemed: later.labels, challenger: await scores(bytes, later), champion: champion && isComparable ? await scores(champion.bytes, later) : undefined });
  }
}

/** In pieces, so that the event loop stays free. */
async function scores(model: Uint8Array, { features, rows, columns }: Examples): Promise<Float32Array> {
  const scorer = await openScorer({ model, threads: 0 });
  const all = new Float32Array(rows);
  for (let from = 0; from < rows; from += 1_024) {
    const to = Math.min(rows, from + 1_024);
    all.set(await scorer.score(features.subarray(from * columns, to * columns), to - from), from);
    await new Promise((resume) => setImmediate(resume));
  }
  await scorer.close();
  return all;
}

function examplesOf(rows: readonly RedemptionExample[], columns: number): Examples {
  const fitting = rows.filter(({ features }) => features.length === columns);
  const features = new Float32Array(fitting.length * columns);
  fitting.forEach((row, place) => features.set(row.features, place * columns));
  return { features, rows: fitting.length, columns, labels: Float32Array.from(fitting, ({ redeemed }) => Number(redeemed)), timesMs: Float64Array.from(fitting, ({ issuedAtMs }) => issuedAtMs) };
}

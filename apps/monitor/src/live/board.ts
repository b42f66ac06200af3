import type { ClickHouseClient } from '@sp/clickhouse';
import type { Experiment, ExperimentDetail, Experiments, Freshness, Overview } from '@sp/contracts';
import { decisionsByOutcome } from '../figures/decisions-by-outcome.query';
import { readExperimentCourse, readExperimentMetrics, type DetailOptions, type ExperimentCourse, type ExperimentMetrics } from '../figures/experiment-detail';
import { readExperiments } from '../figures/experiments';
import { newestEventMs } from '../figures/newest-event.query';
import { offersByScenario } from '../figures/offers-by-scenario.query';
import { Refreshed } from '../figures/refreshed';
import { unavailability } from '../figures/unavailable';
import type { LineWatch } from './line-watch';

type Counts = Pick<Overview, 'newestEventMs' | 'offersByScenario' | 'decisionsByOutcome'>;

/** A detail as it was counted; how fresh it is belongs to the moment of the answer. */
export type CountedDetail = Omit<ExperimentDetail, 'freshness'>;

export interface BoardParts {
  readonly client: ClickHouseClient;
  readonly line: LineWatch;
  readonly provenance: string | undefined;
  readonly experiments: DetailOptions;
  readonly onError: (error: unknown) => void;
}

/** What the overview shows: the line as it is this second, the figures as they were counted last. */
export class Board {
  private readonly line: LineWatch;
  private readonly provenance: string | undefined;
  private readonly counts: Refreshed<Counts>;
  private readonly compared: Refreshed<readonly Experiment[]>;
  private readonly metrics: Refreshed<readonly ExperimentMetrics[]>;
  private readonly courses: Refreshed<ReadonlyMap<string, ExperimentCourse>>;

  constructor({ client, line, provenance, experiments, onError }: BoardParts) {
    this.line = line;
    this.provenance = provenance;
    const explained = { onError, explain: (error: unknown) => unavailability(error) ?? 'The figures cannot be counted; the log of monitor says why.' };
    this.counts = new Refreshed(() => countsOf(client), { everyMs: 1000, ...explained });
    this.compared = new Refreshed(() => readExperiments(client, experiments), { everyMs: 2000, ...explained });
    this.metrics = new Refreshed(() => each(this.compared.answer, (experiment) => readExperimentMetrics(client, experiment, experiments)), { everyMs: 2000, ...explained });
    this.courses = new Refreshed(async () => new Map(await each(this.compared.answer, async (experiment) => [experiment.experimentId, await readExperimentCourse(client, experiment, experiments)] as const)), { everyMs: 15_000, ...explained });
  }

  /** Asks if it is due; the stream does not wait for it. */
  refreshOverview(nowMs: number): Promise<void> {
    return this.counts.refresh(nowMs);
  }

  refreshExperiments(nowMs: number): Promise<void> {
    return this.compared.refresh(nowMs);
  }

  /** The course may be older than the metrics: the first asker alone waits for it. */
  async refreshDetails(nowMs: number): Promise<void> {
    const course = this.courses.refresh(nowMs);
    await this.metrics.refresh(nowMs);
    if (this.courses.answer === undefined) await course;
  }

  overview(nowMs: number, ratesSinceMs: number): Overview {
    const eventsPerSecond = this.line.eventsPerSecond;
    return {
      atMs: nowMs,
      freshness: this.counts.freshness(nowMs),
      ...(this.provenance !== undefined && { provenance: this.provenance }),
      ...(eventsPerSecond !== undefined && { eventsPerSecond }),
      rates: this.line.ratesSince(ratesSinceMs),
      stages: this.line.stages,
      ...(this.counts.answer ?? { offersByScenario: [], decisionsByOutcome: [] }),
    };
  }

  experiments(nowMs: number): Experiments {
    return { freshness: this.compared.freshness(nowMs), experiments: this.compared.answer ?? [] };
  }

  details(nowMs: number): { readonly freshness: Freshness; readonly details: readonly CountedDetail[] } {
    const none = { series: [], segments: [], segmentComparisons: 0 };
    return { freshness: this.metrics.freshness(nowMs), details: (this.metrics.answer ?? []).map((metrics) => ({ ...metrics, ...(this.courses.answer?.get(metrics.experiment.experimentId) ?? none) })) };
  }
}

async function each<T>(experiments: readonly Experiment[] | undefined, read: (experiment: Experiment) => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const experiment of experiments ?? []) answers.push(await read(experiment));
  return answers;
}

async function countsOf(client: ClickHouseClient): Promise<Counts> {
  const [newest, offers, decisions] = await Promise.all([newestEventMs(client), offersByScenario(client), decisionsByOutcome(client)]);
  return { ...(newest !== undefined && { newestEventMs: newest }), offersByScenario: offers, decisionsByOutcome: decisions };
}

import type { ClickHouseClient } from '@sp/clickhouse';
import type { Earned, ExperimentDetail, Experiments, Freshness, Overview } from '@sp/contracts';
import { readEarned, type CountedEarned } from '../figures/earned';
import { decisionsByOutcome } from '../figures/decisions-by-outcome.query';
import { readExperimentCourse, type ExperimentCourse } from '../figures/experiment-course';
import { readExperiments, type CountedExperiment, type CountedExperiments, type ExperimentOptions } from '../figures/experiments';
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
  readonly experiments: ExperimentOptions;
  readonly onError: (error: unknown) => void;
}

/** What the overview shows: the line as it is this second, the figures as they were counted last. */
export class Board {
  private readonly line: LineWatch;
  private readonly provenance: string | undefined;
  private readonly counts: Refreshed<Counts>;
  private readonly compared: Refreshed<CountedExperiments>;
  private readonly earnings: Refreshed<CountedEarned>;
  private readonly courses: Refreshed<ReadonlyMap<string, ExperimentCourse>>;

  constructor({ client, line, provenance, experiments, onError }: BoardParts) {
    this.line = line;
    this.provenance = provenance;
    const explained = { onError, explain: (error: unknown) => unavailability(error) ?? 'The figures cannot be counted; the log of monitor says why.' };
    this.counts = new Refreshed(() => countsOf(client), { everyMs: 1000, ...explained });
    this.compared = new Refreshed(() => readExperiments(client, experiments), { everyMs: 2000, ...explained });
    this.earnings = new Refreshed(() => readEarned(client), { everyMs: 60_000, ...explained });
    this.courses = new Refreshed(async () => new Map(await each(this.compared.answer?.counted, async (counted) => [counted.experiment.experimentId, await readExperimentCourse(client, counted, experiments)] as const)), { everyMs: 15_000, ...explained });
  }

  /** What was counted last, for whoever watches over it. */
  get counted(): readonly CountedExperiment[] {
    return this.compared.answer?.counted ?? [];
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
    await this.compared.refresh(nowMs);
    const course = this.courses.refresh(nowMs);
    if (this.courses.answer === undefined) await course;
  }

  /** Reads thousands of decision records: asked seldom. */
  refreshEarned(nowMs: number): Promise<void> {
    return this.earnings.refresh(nowMs);
  }

  earned(nowMs: number): Earned {
    const { offPolicy, incremental = [] } = this.earnings.answer ?? {};
    return { freshness: this.earnings.freshness(nowMs), ...(offPolicy && { offPolicy }), incremental, currency: this.compared.answer?.counted[0]?.experiment.currency ?? '' };
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
    const { counted = [], declared = [] } = this.compared.answer ?? {};
    return { freshness: this.compared.freshness(nowMs), experiments: counted.map(({ experiment }) => experiment), declared };
  }

  details(nowMs: number): { readonly freshness: Freshness; readonly details: readonly CountedDetail[] } {
    const none: ExperimentCourse = { series: [], segments: [], segmentComparisons: 0 };
    const details = (this.compared.answer?.counted ?? []).map(({ plan: _plan, sums: _sums, ...counted }) => {
      const { findable, ...course } = this.courses.answer?.get(counted.experiment.experimentId) ?? none;
      return { ...counted, ...course, health: { ...counted.health, ...(findable && { findable }) } };
    });
    return { freshness: this.compared.freshness(nowMs), details };
  }
}

async function each<T>(experiments: readonly CountedExperiment[] | undefined, read: (experiment: CountedExperiment) => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const experiment of experiments ?? []) answers.push(await read(experiment));
  return answers;
}

async function countsOf(client: ClickHouseClient): Promise<Counts> {
  const [newest, offers, decisions] = await Promise.all([newestEventMs(client), offersByScenario(client), decisionsByOutcome(client)]);
  return { ...(newest !== undefined && { newestEventMs: newest }), offersByScenario: offers, decisionsByOutcome: decisions };
}

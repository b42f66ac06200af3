import type { ClickHouseClient } from '@sp/clickhouse';
import type { Experiment, Experiments, Overview } from '@sp/contracts';
import { decisionsByOutcome } from '../figures/decisions-by-outcome.query';
import { readExperiments, type ExperimentOptions } from '../figures/experiments';
import { newestEventMs } from '../figures/newest-event.query';
import { offersByScenario } from '../figures/offers-by-scenario.query';
import { Refreshed } from '../figures/refreshed';
import { unavailability } from '../figures/unavailable';
import type { LineWatch } from './line-watch';

type Counts = Pick<Overview, 'newestEventMs' | 'offersByScenario' | 'decisionsByOutcome'>;

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
  private readonly compared: Refreshed<readonly Experiment[]>;

  constructor({ client, line, provenance, experiments, onError }: BoardParts) {
    this.line = line;
    this.provenance = provenance;
    const explained = { onError, explain: (error: unknown) => unavailability(error) ?? 'The figures cannot be counted; the log of monitor says why.' };
    this.counts = new Refreshed(() => countsOf(client), { everyMs: 1000, ...explained });
    this.compared = new Refreshed(() => readExperiments(client, experiments), { everyMs: 5000, ...explained });
  }

  /** Asks if it is due; the stream does not wait for it. */
  refreshOverview(nowMs: number): Promise<void> {
    return this.counts.refresh(nowMs);
  }

  refreshExperiments(nowMs: number): Promise<void> {
    return this.compared.refresh(nowMs);
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
}

async function countsOf(client: ClickHouseClient): Promise<Counts> {
  const [newest, offers, decisions] = await Promise.all([newestEventMs(client), offersByScenario(client), decisionsByOutcome(client)]);
  return { ...(newest !== undefined && { newestEventMs: newest }), offersByScenario: offers, decisionsByOutcome: decisions };
}

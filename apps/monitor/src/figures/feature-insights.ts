import { readInsightRows, readSources, type ClickHouseClient } from '@sp/clickhouse';
import type { FeatureReport } from '@sp/contracts';
import { insightsOf, provenanceOf } from '@sp/learning';
import { Refreshed } from './refreshed';
import { unavailability } from './unavailable';

/** All pairs of a hundred columns take half a second of this process at so many rows; the command takes more of both. */
const rows = 4_000;
const everyMs = 60_000;

/** What is in the features that decisions used, counted while somebody looks. */
export class FeatureInsights {
  readonly #report: Refreshed<Omit<FeatureReport, 'freshness'>>;

  constructor(client: ClickHouseClient, onError: (error: unknown) => void) {
    const explain = (error: unknown): string => unavailability(error) ?? 'The features cannot be described; the log of monitor says why.';
    this.#report = new Refreshed(() => readReport(client), { everyMs, onError, explain });
  }

  /** The newest report, or a sentence why there is none. */
  async report(nowMs: number): Promise<FeatureReport | string> {
    await this.#report.refresh(nowMs);
    const freshness = this.#report.freshness(nowMs);
    return this.#report.answer ? { ...this.#report.answer, freshness } : (freshness.sentence ?? 'Nothing is counted yet.');
  }
}

async function readReport(client: ClickHouseClient): Promise<Omit<FeatureReport, 'freshness'>> {
  const sources = await readSources(client);
  return { provenance: provenanceOf(sources), ...insightsOf(await readInsightRows(client, rows)) };
}

import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { checkParity, connectClickHouse, eraseClients, recordParity, type ClickHouseClient } from '@sp/clickhouse';
import { metrics } from '@sp/platform';
import type { FeatureStoreConfig } from './feature-store.config';

/** Of the decisions of the line's last week: a few clients' histories are folded again, some tens of milliseconds of this process. */
const paritySample = { size: 40, lastDays: 7 };
/** Above the retention of the logs, from which a sink could bring a row again. */
const erasedAgainHours = 48;

/**
 * What is done beside the line, now and then, in ClickHouse: do the stored vectors equal those computed again, and are the rows of
 * erased clients gone? A ClickHouse that is away makes them wait; nothing on the line does.
 */
export class ClickHouseJobs implements BeforeApplicationShutdown {
  readonly #logger = new Logger('clickhouse jobs');
  readonly #client: ClickHouseClient;
  readonly #ending = new AbortController();
  readonly #running: readonly Promise<void>[];

  constructor({ CLICKHOUSE_URL: url, PARITY_EVERY_SECONDS: parity, ERASURE_EVERY_SECONDS: erasure }: FeatureStoreConfig) {
    this.#client = connectClickHouse(url);
    this.#running = [this.#every(parity, () => this.#checkParity()), this.#every(erasure, () => this.#erase())];
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#running);
    await this.#client.close();
  }

  async #every(seconds: number, work: () => Promise<void>): Promise<void> {
    for (;;) {
      await pause(seconds * 1000, this.#ending.signal);
      if (this.#ending.signal.aborted) return;
      await work().catch((error: unknown) => this.#logger.warn(`waits: ${error instanceof Error ? error.message : String(error)}`));
    }
  }

  /** Differences where inputs were not yet stored in the beginning say nothing, and are no incident. */
  async #checkParity(): Promise<void> {
    const nowMs = Date.now();
    const report = await checkParity(this.#client, { ...paritySample, salt: String(nowMs) });
    if (report.compared === 0 || report.begunLate.length > 0) return;
    await recordParity(this.#client, report, nowMs);
    metrics.featureParityCompared.inc(report.compared);
    for (const { feature, differing, example } of report.features) {
      if (differing === 0) continue;
      metrics.featureParityDiffering.inc({ feature }, differing);
      this.#logger.error(`${feature} differs in ${differing} of ${report.compared} decisions: ${example?.decisionId} had ${example?.online}, recomputed ${example?.recomputed}`);
    }
  }

  async #erase(): Promise<void> {
    for (const { table, rows } of await eraseClients(this.#client, erasedAgainHours)) metrics.erasedRows.inc({ table }, rows);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    if (signal.aborted) return resume();
    const timer = setTimeout(resume, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resume()), { once: true });
  });
}

import { applyMigrations, armMetricSums, connectClickHouse, readMigrations, readRows, type ClickHouseClient, type EpochOf } from '@sp/clickhouse';
import type { ExperimentDetail } from '@sp/contracts';
import { arms } from '@sp/offers';
import { builtFile, freePort, repositoryFolder, startLine, startProcess } from '@sp/testing';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rowOf, type Findings, type Round, type Row } from './result';

const clients = 1_000_000;
const days = 28;
const startedMs = Date.UTC(2026, 0, 5);
const dayMs = 86_400_000;
const rounds = 5;
const purchasesTried = 5;
const epoch: EpochOf = { experimentId: 'always-on', epoch: 1, startedMs, arms, counted: 'totals' };

/**
 * All metrics of four arms over a million clients with 28 days of purchases, and how soon an event stands in the figures of a running line. The raw limit of the
 * first is one sum over the clients' rows as they lie, of the second the two seconds at which figures are counted anew.
 */
export async function experimentPaths(folder: string): Promise<Findings> {
  return { rows: [await countingRow(join(folder, 'clickhouse')), await freshnessRow(join(folder, 'line'))], shares: [] };
}

async function countingRow(folder: string): Promise<Row> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { EMBEDDED_CLICKHOUSE_PORT: String(port), EMBEDDED_CLICKHOUSE_FOLDER: folder };
  const server = await startProcess({ name: 'embedded-clickhouse', command: process.execPath, args: [builtFile('apps/embedded-clickhouse.js')], env, readyUrl: `${url}/ping` });
  const client = connectClickHouse(url);
  try {
    await applyMigrations(client, readMigrations(join(repositoryFolder(), 'deploy/clickhouse/migrations')), () => undefined);
    await fill(client);
    const taken: Round[] = [];
    for (let round = 0; round < rounds; round++) taken.push({ raw: await timeOf(() => readRows(client, 'SELECT sum(spend_minor), sum(cityHash64(client_id)) FROM client_sums')), ours: await timeOf(() => count(client)) });
    return rowOf({ path: 'experiment figures', setting: `${clients / 1e6} million clients, ${days} days, all metrics`, unit: 'ms', aim: { oursAtMost: 1_000 }, note: `best ${Math.min(...taken.map(({ ours }) => ours)).toFixed(0)} ms` }, taken);
  } finally {
    await client.close();
    await server.stop();
  }
}

async function count(client: ClickHouseClient): Promise<void> {
  const sums = await armMetricSums(client, epoch, { untilMs: startedMs + days * dayMs, marginPercent: 1, capQuantile: 0.99 });
  if (sums.reduce((total, { n }) => total + n, 0) !== clients) throw new Error('clients are missing from the figures');
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

/** As the sinks store them, day by day: each client buys on about a third of the days. Then as a running server has them, merged but for what is young. */
async function fill(client: ClickHouseClient): Promise<void> {
  const insert = (query: string): Promise<unknown> => client.command({ query });
  await insert(`INSERT INTO assignments (partition, line_position, ordinal, client_id, experiment_id, epoch, arm, time)
    SELECT 0, 1, number, concat('c', toString(number)), 'always-on', 1, ['holdout', 'random', 'rules', 'model'][number % 4 + 1], fromUnixTimestamp64Milli(${startedMs}) FROM numbers(${clients})`);
  for (let day = 0; day < days; day += 1) {
    await insert(`INSERT INTO transactions (partition, line_position, ordinal, transaction_id, client_id, time, kind, merchant_id, mcc, amount_minor, currency, channel, reversed)
      SELECT 0, ${day + 2}, number, concat('t${day}-', toString(number)), concat('c', toString(number)), fromUnixTimestamp64Milli(${startedMs + day * dayMs}), 'purchase', 'm', 5411, 100 + cityHash64(number, ${day}) % 9000, 'EUR', 'offline', 0
      FROM numbers(${clients}) WHERE cityHash64(${day}, number) % 3 = 0`);
    if (day === days - 2) await client.command({ query: 'OPTIMIZE TABLE client_sums FINAL' });
  }
}

/** Through the whole line on the wall clock, from the door's answer to the figure that holds the event. */
async function freshnessRow(folder: string): Promise<Row> {
  const line = await startLine({ folder, clock: 'wall', sync: 'default', env: { LOG_LEVEL: 'error' } });
  try {
    const send = (type: string, id: string, subject: string, data: object): Promise<Response> => {
      const event = { specversion: '1.0', id, source: 'bench', type, time: new Date().toISOString(), subject, data };
      return fetch(`${line.urls.ingest}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents+json' }, body: JSON.stringify(event) });
    };
    // An arm of one client has no figure yet.
    for (let client = 1; client <= 40; client += 1) await send('client.registered', `r${client}`, `c-${client}`, { timeZone: 'UTC', consents: { offers: true, geo: false } });
    const taken: Round[] = [];
    for (let purchase = 0; purchase <= purchasesTried; purchase += 1) {
      await send('transaction.authorised', `p${purchase}`, 'c-1', { transactionId: `p${purchase}`, kind: 'purchase', mcc: 5411, amountMinor: 1_000, currency: 'EUR', channel: 'offline' });
      const ours = await timeOf(() => shown(line.urls.monitor, purchase + 1));
      // The first one waits for everything to be opened.
      if (purchase > 0) taken.push({ raw: 2_000, ours });
    }
    return rowOf({ path: 'experiment freshness', setting: 'from the door’s answer to the figure', unit: 'ms', aim: { oursAtMost: 5_000 }, note: `worst ${Math.max(...taken.map(({ ours }) => ours)).toFixed(0)} ms` }, taken);
  } finally {
    await line.stop();
  }
}

async function shown(monitorUrl: string, purchases: number): Promise<void> {
  for (const untilMs = performance.now() + 60_000; performance.now() < untilMs; await sleep(50)) {
    const response = await fetch(`${monitorUrl}/v1/experiments/always-on`);
    if (!response.ok) continue;
    const { metrics } = (await response.json()) as ExperimentDetail;
    if (metrics.filter(({ metric }) => metric === 'frequency').reduce((sum, { mean }) => sum + (mean.known ? mean.value * mean.n : 0), 0) > purchases - 0.5) return;
  }
  throw new Error('the figures do not hold the event after a minute');
}

import { checkParity, connectClickHouse, readRows, type ClickHouseClient, type ParityReport } from '@sp/clickhouse';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { operatorPatterns, type Incident } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { featureNames } from '@sp/features';
import { startLine, type Line } from '@sp/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientRows, merchantRows } from '../clusters/cluster-rows';
import { saveClusters } from '../clusters/save-clusters';
import { featuresAt } from './features-at';
import { isParity } from './parity-text';
import { aMonth } from './testing/a-month';

// Real: nats-server, the embedded ClickHouse, the built services up to the recommender. Made up: a month of 40 clients.
let line: Line;
let clickhouse: ClickHouseClient;
const models = mkdtempSync(join(tmpdir(), 'sp-no-models-'));

beforeAll(async () => {
  const services = ['ingest', 'feature-store', 'scorer', 'recommender', 'monitor'] as const;
  // Without a model: what a vector is does not depend on who scores it.
  const env = { LOG_LEVEL: 'fatal', MODELS_FOLDER: models, PARITY_EVERY_SECONDS: '3', ERASURE_EVERY_SECONDS: '1' };
  line = await startLine({ folder: mkdtempSync(join(tmpdir(), 'sp-parity-')), clock: 'events', sync: 'default', services, env });
  clickhouse = connectClickHouse(line.urls.clickhouse);
  const events = aMonth(40).map(asEnvelope);
  for (let from = 0; from < events.length; from += 100) await post(events.slice(from, from + 100));
  await settled();
}, 240_000);

afterAll(async () => {
  await clickhouse?.close();
  await line?.stop();
}, 60_000);

async function post(events: readonly unknown[]): Promise<void> {
  for (;;) {
    const response = await fetch(`${line.urls.ingest}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) });
    if (response.status === 202) return;
    if (response.status !== 503 && response.status !== 429) throw new Error(`${response.status}: ${await response.text()}`);
    await new Promise((resume) => setTimeout(resume, 500));
  }
}

/** Sinks gather for seconds: what is read is whole when nothing has grown for longer than that. */
async function settled(): Promise<void> {
  let [before, same] = ['', 0];
  while (same < 6) {
    await new Promise((resume) => setTimeout(resume, 1_000));
    const counts = JSON.stringify(await readRows(clickhouse, 'SELECT (SELECT count() FROM decisions) AS decisions, (SELECT count() FROM feature_inputs) AS inputs'));
    same = counts === before && !counts.includes(':0') ? same + 1 : 0;
    before = counts;
  }
}

describe('parity of features', () => {
  let whole: ParityReport;

  it('holds for every feature, at moments that events and timers brought', async () => {
    whole = await checkParity(clickhouse, { size: 100_000 });
    expect(whole).toMatchObject({ notFound: [], begunLate: [], ofOtherVersions: 0 });
    expect(whole.features.filter(({ differing }) => differing > 0)).toEqual([]);
    expect(isParity(whole)).toBe(true);
    expect([whole.compared > 300, whole.clients > 30]).toEqual([true, true]);
    const scenarios = await readRows<{ scenario: string }>(clickhouse, 'SELECT DISTINCT scenario FROM decisions ORDER BY scenario');
    expect(scenarios.map(({ scenario }) => scenario)).toEqual(['event', 'forecast', 'timer']);
  });

  it('was tried on values that move: no feature is always the same or never known', () => {
    expect(whole.features.filter(({ known, values }) => known === 0 || values.size < 2).map(({ feature }) => feature)).toEqual([]);
    expect(whole.features).toHaveLength(featureNames.length);
  });

  it('breaks in the features of what is taken from the stored inputs, and only then', async () => {
    const withoutOpens = await checkParity(clickhouse, { size: 100_000 }, (inputs) => inputs.map((input) => (input.type === 'client.acted' ? { ...input, data: { action: 'none' } } : input)));
    expect(isParity(withoutOpens)).toBe(false);
    expect(withoutOpens.features.filter(({ differing }) => differing > 0).map(({ feature }) => feature)).toContain('appOpens7d');
    expect(withoutOpens.features.find(({ feature }) => feature === 'purchasesAll')?.differing).toBe(0);
    const withoutReversals = await checkParity(clickhouse, { size: 100_000 }, (inputs) => inputs.filter(({ type }) => type !== 'transaction.reversed'));
    expect(withoutReversals.features.filter(({ differing }) => differing > 0).map(({ feature }) => feature)).toContain('spendMinor90d');
  });

  it('reads one client as of a time', async () => {
    const [client] = await readRows<{ subject: string; timeMs: number }>(clickhouse, `SELECT subject, toUnixTimestamp64Milli(max(time)) AS "timeMs" FROM feature_inputs WHERE type = 'transaction.authorised' GROUP BY subject ORDER BY subject LIMIT 1`);
    const late = await featuresAt(clickhouse, client!.subject, client!.timeMs + 1);
    const early = await featuresAt(clickhouse, client!.subject, client!.timeMs - 14 * 86_400_000);
    expect(late?.['purchasesAll']).toBeGreaterThan(early?.['purchasesAll'] ?? NaN);
    expect(await featuresAt(clickhouse, 'nobody', client!.timeMs)).toBeUndefined();
  });

  it('answers for many clients at once as for each alone, says who is unknown, and refuses too many', async () => {
    const url = line.urls['feature-store'];
    const ask = (clientIds: unknown): Promise<Response> => fetch(`${url}/v1/features`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ clientIds }) });
    const many = (await (await ask(['client-3', 'nobody', 'client-1'])).json()) as { clients: { clientId: string; ageSeconds: unknown }[]; unknown: string[] };
    expect(many.clients).toEqual([await (await fetch(`${url}/v1/clients/client-3/features`)).json(), await (await fetch(`${url}/v1/clients/client-1/features`)).json()]);
    expect([many.unknown, many.clients[0]?.ageSeconds]).toEqual([['nobody'], null]);
    const refusals = await Promise.all([[], Array.from({ length: 501 }, () => 'c'), 'client-1', [7]].map(ask));
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });

  it('keeps places only of clients who consent to it', async () => {
    const kept = await readRows<{ given: number; stored: number }>(
      clickhouse,
      `SELECT count() AS stored, countIf(subject IN (SELECT subject FROM feature_inputs WHERE type IN ('client.registered', 'client.consent.changed') AND data LIKE '%"geo":true%')) AS given
       FROM feature_inputs WHERE type = 'client.located' AND data != '{}'`,
    );
    expect(kept[0]?.stored).toBeGreaterThan(50);
    expect(kept[0]?.given).toBe(kept[0]?.stored);
    expect((await readRows<{ n: number }>(clickhouse, `SELECT count() AS n FROM feature_inputs WHERE type = 'client.located' AND data = '{}'`))[0]?.n).toBeGreaterThan(10);
  });

  it('is watched by the service itself, and a difference is written down and counted', async () => {
    await eventually(async () => ((await checks('differing = 0')) > 0 ? true : undefined));
    expect(await checks('differing > 0')).toBe(0);
    await clickhouse.command({ query: `ALTER TABLE feature_inputs UPDATE data = '{"action":"none"}' WHERE type = 'client.acted'`, clickhouse_settings: { mutations_sync: '1' } });
    await eventually(async () => ((await checks(`differing > 0 AND has(features, 'appOpens7d') AND example != ''`)) > 0 ? true : undefined));
    const counted = await (await fetch(`${line.urls['feature-store']}/metrics`)).text();
    expect(counted).toMatch(/feature_parity_differing_total{feature="appOpens7d"} [1-9]/);
  });

  it('opens an incident', async () => {
    const opened = await eventually(async () => {
      const { incidents } = (await (await fetch(`${line.urls.monitor}/v1/incidents`)).json()) as { incidents: Incident[] };
      return incidents.find(({ title }) => title === 'parity:features');
    });
    expect(opened).toMatchObject({ state: 'open', firing: true, notifications: 1 });
  });
});

describe('clusters', () => {
  it('are trained from what the line has stored, activated through control, and told with the features', async () => {
    const said = (await Promise.all([clientRows(clickhouse, 1_000), merchantRows(clickhouse, 1_000)])).map((rows) => saveClusters(models, rows, { seed: 1, provenance: 'made up' }));
    const operators = ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [line.urls.nats], name: 'test' } });
    const ask = (pattern: string, data: object): Promise<unknown> => firstValueFrom(operators.send(pattern, data));
    const versions = said.map((text) => /^([a-z-]+) ([0-9a-f]{12}):/.exec(text)!.slice(1) as [string, string]);
    expect(await ask(operatorPatterns.activateClusters, { kind: 'client-clusters', version: '000000000000', by: 'test' })).toMatchObject({ message: expect.stringContaining('no client-clusters') });
    for (const [kind, version] of versions) expect(await ask(operatorPatterns.activateClusters, { kind, version, by: 'test' })).toEqual({ kind, version });
    await post([asEnvelope(anEvent('client.acted', { subject: 'client-7', id: 'after-activation', timeMs: mondayMs + 36 * 86_400_000 }))]);
    const { clusters, profile } = await eventually(async () => {
      const found = (await (await fetch(`${line.urls['feature-store']}/v1/clients/client-7/features`)).json()) as { clusters: AssignedClusters; profile: { merchants: { merchantId: string }[] } };
      return found.clusters.client && found.clusters.merchants ? found : undefined;
    });
    expect(clusters.client).toEqual({ version: versions[0]![1], cluster: expect.any(Number) });
    expect(Object.keys(clusters.merchants!.clusters).every((merchant) => profile.merchants.some(({ merchantId }) => merchantId === merchant))).toBe(true);
    expect(Object.keys(clusters.merchants!.clusters).length).toBeGreaterThan(0);
    expect(await ask(operatorPatterns.listClusters, {})).toMatchObject(versions.map(([kind, version]) => ({ kind, version, active: true, seed: 1, provenance: 'made up' })));
    await operators.close();
  });
});

describe('an erased client', () => {
  it('has no row left in any table but the request, and nobody else loses one', async () => {
    const rows = (client: string): Promise<Record<string, number>[]> => readRows<Record<string, number>>(clickhouse, `SELECT ${tables.map(([table, column]) => `(SELECT count() FROM ${table} WHERE ${column} = '${client}') AS ${table}`).join(', ')}`);
    const [[own], [other]] = [await rows('client-3'), await rows('client-4')];
    for (const [table, least] of [['feature_inputs', 50], ['transactions', 5], ['decisions', 1], ['spend_by_client_day', 3]] as const) expect(own![table], table).toBeGreaterThan(least);
    await post([asEnvelope(anEvent('client.erasure.requested', { subject: 'client-3', id: 'erase-3', timeMs: mondayMs + 40 * 86_400_000 }))]);
    await eventually(async () => ((await fetch(`${line.urls['feature-store']}/v1/clients/client-3/features`)).status === 404 ? true : undefined));
    const left = await eventually(async () => {
      const [found] = await rows('client-3');
      return found?.['feature_inputs'] === 1 ? found : undefined;
    });
    expect(left).toEqual({ ...Object.fromEntries(tables.map(([table]) => [table, 0])), feature_inputs: 1 });
    const [after] = await rows('client-4');
    for (const [table] of tables) expect(after![table], table).toBeGreaterThanOrEqual(other![table]!);
  });
});

const tables = [['transactions', 'client_id'], ['assignments', 'client_id'], ['decisions', 'client_id'], ['offers', 'client_id'], ['responses', 'client_id'], ['spend_by_client_day', 'client_id'], ['feature_inputs', 'subject']] as const;

interface AssignedClusters {
  readonly client?: { readonly version: string; readonly cluster: number };
  readonly merchants?: { readonly clusters: Readonly<Record<string, number>> };
}

async function checks(where: string): Promise<number> {
  return (await readRows<{ n: number }>(clickhouse, `SELECT count() AS n FROM feature_parity WHERE ${where}`))[0]?.n ?? 0;
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resume) => setTimeout(resume, 300));
  }
  throw new Error('it did not come');
}

/** Real: the built page in Chromium, the built monitor and ingest, nats-server and the embedded ClickHouse. The stages behind ingest are left out. */
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { builtFile, freePort, repositoryFolder, runToEnd, startNats, startProcess, startService, type NatsHandle, type ProcessHandle, type ServiceHandle } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';

const folder = mkdtempSync(join(tmpdir(), 'sp-data-health-'));
let nats: NatsHandle;
let clickhouse: ProcessHandle;
let ingest: ServiceHandle;
let monitor: ServiceHandle;
let browser: Browser;

beforeAll(async () => {
  nats = await startNats({ folder: join(folder, 'nats'), sync: 'default' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  clickhouse = await startProcess({ name: 'embedded-clickhouse', command: process.execPath, args: [builtFile('apps/embedded-clickhouse.js')], env: { EMBEDDED_CLICKHOUSE_PORT: String(port), EMBEDDED_CLICKHOUSE_FOLDER: join(folder, 'clickhouse') }, readyUrl: `${url}/ping` });
  await runToEnd({ name: 'migrate', command: process.execPath, args: [builtFile('tools/migrate.js')], cwd: repositoryFolder(), env: { CLICKHOUSE_URL: url } });
  const env = { NATS_URL: nats.url, CLICKHOUSE_URL: url, LOG_LEVEL: 'fatal' };
  ingest = await startService('ingest', { env: { ...env, DATA_FOLDER: join(folder, 'ingest'), PARTITIONS: '1', CLOCK: 'events', MAXIMUM_LAG_SECONDS: '100000', BASE_CURRENCY: 'EUR' } });
  monitor = await startService('monitor', { env: { ...env, INGEST_URL: ingest.url } });
  browser = await openChromium();
  await post();
});

afterAll(async () => {
  await browser?.close();
  for (const service of [monitor, ingest, clickhouse, nats]) await service?.stop(5_000);
  rmSync(folder, { recursive: true, force: true });
});

async function post(): Promise<void> {
  const rate = asEnvelope(anEvent('rate.published', { id: 'rate', subject: 'EUR/USD', data: { base: 'EUR', quote: 'USD', rate: 1.25 } }));
  const actions = [0, 3_600_000, 1_800_000].map((afterMs, index) => asEnvelope(anEvent('client.acted', { id: `a-${index}`, timeMs: mondayMs + afterMs })));
  const foreign = asEnvelope(anEvent('transaction.authorised', { id: 'in-dollars', timeMs: mondayMs + 3_600_000, data: { amountMinor: 1_000, currency: 'USD' } }));
  const refused = { ...foreign, id: 'to-drop', data: { ...(foreign['data'] as object), currency: 'DOLLARS' } };
  const response = await fetch(`${ingest.url}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify([rate, ...actions, foreign, refused]) });
  expect(await response.json()).toMatchObject({ accepted: 5, rejected: 1 });
}

async function open(width = 1440): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(`${monitor.url}/#/data-health`);
  await region(page, 'Streams').getByRole('rowheader', { name: 'client.acted' }).waitFor();
  return page;
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('shows each stream with its watermark and lateness, and that the door is open; it fits a telephone', async () => {
  const page = await open();
  const row = region(page, 'Streams').getByRole('row', { name: /client\.acted/ });
  await expect.poll(() => row.textContent()).toMatch(/5 Jan, 01:00:00.*33\.3 %.*30 min/);
  expect(await region(page, 'Streams').textContent()).toContain('5 accepted, 0 known already, 1 refused');
  expect(await region(page, 'Streams').textContent()).toContain('The door is open');
  const phone = await open(390);
  expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});

test('shows corrections by rule, and a single event before and after', async () => {
  const page = await open();
  await region(page, 'Corrections by rule').getByRole('button', { name: 'foreign-currency' }).click();
  await page.getByLabel('Event id').fill('in-dollars');
  const row = region(page, 'Corrected events').getByRole('row', { name: /in-dollars/ });
  await row.waitFor();
  expect(await row.textContent()).toContain('1000 USD800 EUR');
  await page.getByLabel('Event id').fill('another');
  await region(page, 'Corrected events').getByText('No corrected event.').waitFor();
});

test('shows refused events, drops one, and says when ingest is gone', async () => {
  const page = await open();
  await region(page, 'Letters').getByRole('button', { name: 'to-drop' }).click();
  const panel = page.getByRole('dialog', { name: 'A refused event' });
  await panel.getByLabel('Your name').fill('ann');
  await panel.getByLabel(/Why/).fill('a test of ours');
  await panel.getByRole('button', { name: 'Drop' }).click();
  await panel.getByText(/Dropped by ann/).waitFor();
  await page.keyboard.press('Escape');
  await ingest.stop(5_000);
  await region(page, 'Streams').getByText('Ingest does not answer').waitFor();
});

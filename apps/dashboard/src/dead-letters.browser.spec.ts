/** Real: the built page in Chromium, the built monitor and ingest with nats-server. ClickHouse is away, as it may be here. */
import { anEvent, asEnvelope } from '@sp/contracts/testing';
import { startNats, startService, type NatsHandle, type ServiceHandle } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';

const folder = mkdtempSync(join(tmpdir(), 'sp-dead-letters-'));
let nats: NatsHandle;
let ingest: ServiceHandle;
let monitor: ServiceHandle;
let browser: Browser;

beforeAll(async () => {
  nats = await startNats({ folder: join(folder, 'nats'), sync: 'default' });
  const env = { NATS_URL: nats.url, CLICKHOUSE_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'fatal' };
  ingest = await startService('ingest', { env: { ...env, DATA_FOLDER: join(folder, 'ingest'), PARTITIONS: '1', CLOCK: 'events', MAXIMUM_LAG_SECONDS: '100000' } });
  monitor = await startService('monitor', { env: { ...env, INGEST_URL: ingest.url } });
  browser = await openChromium();
  await post([purchase('to-mend', { currency: 'EURO' }), purchase('to-drop', { currency: 'EURO' }), purchase('with-card', { counterparty: '4111 1111 1111 1111' })]);
});

afterAll(async () => {
  await browser?.close();
  await monitor?.stop(5_000);
  await ingest?.stop(5_000);
  await nats?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function purchase(id: string, data: object): Record<string, unknown> {
  const event = asEnvelope(anEvent('transaction.authorised', { id }));
  return { ...event, data: { ...(event['data'] as object), ...data } };
}

async function post(events: readonly unknown[]): Promise<{ readonly duplicates: number }> {
  const response = await fetch(`${ingest.url}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) });
  return (await response.json()) as { duplicates: number };
}

async function open(width = 1440): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(`${monitor.url}/#/dead-letters`);
  await page.getByRole('button', { name: 'Data not valid' }).waitFor();
  return page;
}

const rows = (page: Page) => page.getByRole('region', { name: 'Letters' }).locator('tbody tr');
const panel = (page: Page) => page.getByRole('dialog', { name: 'A refused event' });

test('counts by reason, narrows the list to one, and fits a telephone', async () => {
  const page = await open();
  expect(await rows(page).count()).toBe(3);
  await page.getByRole('button', { name: 'Holds a card number' }).click();
  await expect.poll(() => rows(page).count()).toBe(1);
  const phone = await open(390);
  expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});

test('shows an event with a card number masked, and says that it cannot be replayed', async () => {
  const page = await open();
  await rows(page).getByRole('button', { name: 'with-card' }).click();
  await panel(page).getByText('411111******1111').waitFor();
  expect(await panel(page).getByText('It cannot be replayed').count()).toBe(1);
  expect(await panel(page).getByRole('button', { name: 'Replay' }).count()).toBe(0);
});

test('replays an event mended, and drops another with the reason', async () => {
  const page = await open();
  await rows(page).getByRole('button', { name: 'to-mend' }).click();
  await panel(page).getByLabel('Your name').fill('ann');
  await panel(page).getByRole('button', { name: 'Replay' }).click();
  await panel(page).getByText('Refused again').waitFor();
  await panel(page).getByLabel(/Corrections/).fill('data.currency=EUR');
  await panel(page).getByRole('button', { name: 'Replay' }).click();
  await panel(page).getByText(/Replayed by ann.*accepted, with data.currency = "EUR"/).waitFor();
  expect((await post([purchase('to-mend', { currency: 'EUR' })])).duplicates).toBe(1);
  await page.keyboard.press('Escape');

  await rows(page).getByRole('button', { name: 'to-drop' }).click();
  await panel(page).getByLabel('Your name').fill('bob');
  await panel(page).getByRole('button', { name: 'Drop' }).click();
  await panel(page).getByText('Say why').waitFor();
  await panel(page).getByLabel(/Why/).fill('a test of ours');
  await panel(page).getByRole('button', { name: 'Drop' }).click();
  await panel(page).getByText(/Dropped by bob.*a test of ours/).waitFor();
});

/** Real: the built page in Chromium and the whole line with its model behind it. */
import type { CampaignState, DecisionSummary } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { startLine, type Line } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';

const hourMs = 3_600_000;
const noonMs = mondayMs + 12 * hourMs;
const folder = mkdtempSync(join(tmpdir(), 'sp-decisions-'));
const clients = Array.from({ length: 30 }, (_, number) => `c-${number}`);
let line: Line;
let browser: Browser;

beforeAll(async () => {
  line = await startLine({ folder, clock: 'events', sync: 'default', env: { LOG_LEVEL: 'warn' } });
  browser = await openChromium();
  const merchants = ['m-1', 'm-2'].map((merchantId) => anEvent('merchant.registered', { id: merchantId, data: { merchantId } }));
  const campaigns = ['k-1', 'k-2'].map((campaignId) => anEvent('campaign.published', { id: campaignId, data: { campaignId, merchantId: campaignId.replace('k', 'm') } }));
  const known = clients.map((subject, number) => anEvent('client.registered', { id: `r-${number}`, subject, timeMs: mondayMs }));
  const bought = clients.map((subject, number) => anEvent('transaction.authorised', { id: `t-${number}`, subject, timeMs: noonMs, data: { transactionId: `t-${number}`, merchantId: 'm-1', amountMinor: 4_000 } }));
  const opened = clients.map((subject, number) => anEvent('client.acted', { id: `o-${number}`, subject, timeMs: noonMs + hourMs + number }));
  await post([...merchants, ...campaigns, ...known, ...bought, ...opened].map(asEnvelope));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await line?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function post(events: readonly unknown[]): Promise<void> {
  await fetch(`${line.urls.ingest}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) });
}

async function open(hash: string, width = 1440): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(`${line.urls.monitor}/#${hash}`);
  return page;
}

const get = async <T>(path: string): Promise<T> => (await fetch(`${line.urls.monitor}${path}`)).json() as Promise<T>;
const published = async (campaignId: string): Promise<CampaignState | undefined> => (await get<{ campaignId: string; published?: CampaignState }[]>('/v1/campaigns')).find((each) => each.campaignId === campaignId)?.published;

test('pauses a campaign and lets it run again, and the line obeys', async () => {
  const page = await open('/campaigns');
  await page.getByRole('button', { name: 'Pause k-1' }).click();
  await page.getByText('Say your name first').waitFor();
  await page.getByLabel('Your name').fill('operator-a');
  await page.getByRole('button', { name: 'Pause k-1' }).click();
  await page.getByRole('button', { name: 'Resume k-1' }).waitFor();
  expect((await published('k-1'))?.paused).toBe(true);
  await page.getByRole('button', { name: 'Resume k-1' }).click();
  await page.getByRole('button', { name: 'Pause k-1' }).waitFor();
  expect((await published('k-1'))?.paused).toBe(false);
  const changes = page.getByRole('region', { name: 'Changes' });
  await changes.getByText('operator-a paused k-1').waitFor();
  await changes.getByText('operator-a let run again k-1').waitFor();
});

test('makes a campaign, says what is wrong with it, and changes its budget', async () => {
  const page = await open('/campaigns');
  await page.getByLabel('Your name').fill('operator-b');
  await page.getByRole('button', { name: 'New campaign' }).click();
  const form = page.getByRole('dialog', { name: 'New campaign' });
  for (const [label, value] of [['Campaign’s id', 'k-new'], ['Merchant’s id', 'm-2'], [/^Starts/, '2026-01-01T00:00:00Z'], ['Ends', '2026-12-01T00:00:00Z'], [/^Budget/, 'much'], [/^Margin/, '25']] as const) await form.getByLabel(label).fill(value);
  await form.getByLabel(/^Terms/).fill('5, 7, 0\n15, 3, 2000, 500');
  await form.getByRole('button', { name: 'Publish' }).click();
  await form.getByText(/budgetMinor/).waitFor();
  await form.getByLabel(/^Budget/).fill('50000');
  await form.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('button', { name: 'Change k-new' }).waitFor();
  expect(await published('k-new')).toMatchObject({ budgetMinor: 50_000, terms: [{ discountPercent: 5 }, { discountPercent: 15, maximumDiscountMinor: 500 }] });
  await page.getByRole('button', { name: 'Change k-new' }).click();
  const change = page.getByRole('dialog', { name: 'Change k-new' });
  await change.getByLabel(/^Budget/).fill('80000');
  await change.getByRole('button', { name: 'Publish' }).click();
  await expect.poll(async () => (await published('k-new'))?.budgetMinor, { timeout: 20_000 }).toBe(80_000);
  await page.getByRole('region', { name: 'Changes' }).getByText('operator-b published k-new').first().waitFor();
});

test('a campaign that was made on the page makes its first offer, and the page shows it', async () => {
  await expect.poll(() => published('k-new').then((campaign) => campaign?.budgetMinor), { timeout: 20_000 }).toBe(80_000);
  const newcomers = Array.from({ length: 40 }, (_, number) => `n-${number}`);
  await post(newcomers.map((subject, number) => asEnvelope(anEvent('client.registered', { id: `nr-${number}`, subject, timeMs: noonMs + 2 * hourMs }))));
  await post(newcomers.map((subject, number) => asEnvelope(anEvent('client.acted', { id: `no-${number}`, subject, timeMs: noonMs + 2.5 * hourMs + number, data: { action: 'merchant-viewed', merchantId: 'm-2' } }))));
  const page = await open('/campaigns');
  const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'Change k-new' }) });
  await expect.poll(async () => Number(await row.getByRole('cell').nth(4).innerText()), { timeout: 30_000 }).toBeGreaterThan(0);
});

test('shows one client’s timeline, and one decision from its event to its outcome', async () => {
  await expect.poll(async () => (await get<DecisionSummary[]>('/v1/decisions')).some(({ outcome, arm }) => outcome === 'offer' && arm !== 'random'), { timeout: 30_000 }).toBe(true);
  const { clientId, decisionId, merchantId } = (await get<DecisionSummary[]>('/v1/decisions')).find(({ outcome, arm }) => outcome === 'offer' && arm !== 'random')!;
  await post([asEnvelope(anEvent('transaction.authorised', { id: 'redeems', subject: clientId, timeMs: noonMs + 3 * hourMs, data: { transactionId: 'redeems', merchantId, amountMinor: 5_000 } }))]);
  await expect.poll(async () => (await get<{ kind: string }[]>(`/v1/clients/${clientId}/timeline`)).map(({ kind }) => kind), { timeout: 30_000 }).toContain('outcome');
  const page = await open('/clients');
  await page.getByLabel('Timeline of client').fill(clientId);
  await page.getByRole('button', { name: 'Timeline' }).click();
  const timeline = page.getByRole('region', { name: 'One client’s timeline' });
  await timeline.getByText(/redeemed at/).waitFor();
  await timeline.getByRole('button', { name: /Offer made/ }).click();
  const panel = page.getByRole('dialog', { name: 'Why this decision' });
  await panel.getByText(decisionId).waitFor();
  await panel.getByRole('region', { name: 'What came of it' }).getByText(/redeemed at .* of discount/).waitFor();
  await panel.getByText('together, in log-odds').first().waitFor();
});

test('reports coverage, repetition and exploration by arm', async () => {
  const page = await open('/campaigns');
  const card = page.getByRole('region', { name: 'Choices' });
  await card.getByText(/\d of \d/).first().waitFor();
  const choices = await get<{ arm: string; choices: number; explorationShare: number; repeatShare: number }[]>('/v1/choices');
  expect(choices.find(({ arm }) => arm === 'random')).toMatchObject({ explorationShare: 1 });
  for (const { choices: made, repeatShare } of choices) expect([made > 0, repeatShare >= 0 && repeatShare <= 1]).toEqual([true, true]);
});

test('a changed policy and a changed campaign need the name of who changes them, and show it', async () => {
  const send = (path: string, body: object): Promise<Response> => fetch(`${line.urls.monitor}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const changes = { version: 'calmer-1', contact: { weeklyCap: 2 } };
  expect((await send('/v1/policy', { changes })).status).toBe(400);
  expect((await send('/v1/policy', { changes: { contact: { weeklyCap: 2 } }, by: 'operator-c' })).status).toBe(400);
  expect((await send('/v1/campaigns', { ...(await published('k-1')) })).status).toBe(400);
  expect((await send('/v1/policy', { changes, by: 'operator-c' })).status).toBe(202);
  await expect.poll(async () => (await get<{ version: string; contact: { weeklyCap: number } }>('/v1/policy')).contact.weeklyCap, { timeout: 20_000 }).toBe(2);
  const page = await open('/campaigns');
  await page.getByRole('region', { name: 'Changes' }).getByText('operator-c published the policy calmer-1').waitFor();
});

test('fits a telephone', async () => {
  for (const [hash, name] of [['/campaigns', 'Campaigns'], ['/clients', 'One client’s timeline']] as const) {
    const page = await open(hash, 390);
    await page.getByRole('region', { name, exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  }
});

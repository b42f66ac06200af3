/** Real: the built page in Chromium, the built monitor, nats-server, the embedded ClickHouse. Offers and answers of 40 days are written as the recommender's sink writes them; one merchant of forty sends clients away. */
import type { ReviewCase } from '@sp/contracts';
import { startLine, type Line } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';

const [hourMs, dayMs] = [3_600_000, 86_400_000];
const startMs = Date.UTC(2026, 0, 5);
const days = 40;
const folder = mkdtempSync(join(tmpdir(), 'sp-reviews-page-'));
let line: Line;
let browser: Browser;

beforeAll(async () => {
  [line, browser] = await Promise.all([startLine({ folder, clock: 'events', sync: 'default', services: ['monitor'], env: { LOG_LEVEL: 'fatal' } }), openChromium()]);
  await visitsOfManyDays();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await line?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Through ClickHouse's own protocol, as any client of it would. */
async function insert(table: string, rows: readonly object[]): Promise<void> {
  const query = encodeURIComponent(`INSERT INTO ${table} FORMAT JSONEachRow`);
  const response = await fetch(`${line.urls.clickhouse}/?query=${query}`, { method: 'POST', body: rows.map((row, ordinal) => JSON.stringify({ partition: 0, line_position: 1, ordinal, ...row })).join('\n') });
  expect(response.ok, await response.text()).toBe(true);
}
const textOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');

/** Five visits a day at each of forty merchants: one in forty is refused, at two of them four in five. */
async function visitsOfManyDays(): Promise<void> {
  const visits = Array.from({ length: days * 40 * 5 }, (_, place) => ({ place, merchant: place % 40, timeMs: startMs + Math.floor(place / 200) * dayMs + 10 * hourMs + (place % 200) * 60_000 }));
  await insert('offers', visits.map(({ place, merchant, timeMs }) => ({
    offer_id: `o-${place}`, decision_id: `d-${place}`, client_id: `c-${place % 500}`, merchant_id: `m-${merchant}`, campaign_id: `k-${merchant}`, scenario: 'event', arm: 'model', time: textOf(timeMs - hourMs), valid_until: textOf(timeMs + dayMs),
    discount_percent: 10, validity_days: 7, minimum_check_minor: 0, ghost: 0, propensity: 1,
  })));
  await insert('responses', visits.map(({ place, merchant, timeMs }) => {
    const refused = merchant < 2 ? Math.floor(place / 40) % 5 !== 0 : Math.floor(place / 40) % 40 === merchant % 40;
    return { offer_id: `o-${place}`, client_id: `c-${place % 500}`, time: textOf(timeMs), response: refused ? 'refused-by-merchant' : 'redeemed', reason: refused ? 'other' : '', transaction_id: refused ? '' : `t-${place}` };
  }));
  await insert('transactions', Array.from({ length: 40 }, (_, merchant) => ({
    transaction_id: `t-${merchant}`, client_id: 'c-0', time: textOf(startMs), kind: 'purchase', merchant_id: `m-${merchant}`, mcc: merchant < 20 ? 5411 : 5812, amount_minor: 1_000, currency: 'EUR', channel: 'offline', reversed: 0,
  })));
  await insert('event_counts', [0, days].map((day) => ({ minute: textOf(startMs + day * dayMs + 2 * hourMs), type: 'clock.ticked', count: 1 })));
}

const queue = (page: Page) => page.getByRole('region', { name: 'Review queue' });
const cases = async (): Promise<ReviewCase[]> => (await fetch(`${line.urls.monitor}/v1/review-cases`)).json() as Promise<ReviewCase[]>;
const act = (caseId: string, what: string, body: object): Promise<Response> => fetch(`${line.urls.monitor}/v1/review-cases/${caseId}/${what}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function open(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(`${line.urls.monitor}/#/reviews`);
  return page;
}

test('merchants whose refusals no luck explains stand in the queue, with a control that cannot be told from them', async () => {
  await expect.poll(async () => (await cases()).map(({ merchantId }) => merchantId), { timeout: 60_000 }).toEqual(expect.arrayContaining(['m-0', 'm-1']));
  await expect.poll(async () => (await cases()).length).toBe(3);
  const page = await open();
  await queue(page).getByRole('button', { name: 'm-0', exact: true }).waitFor();
  expect(await queue(page).locator('tbody tr').count()).toBe(3);
  expect(await queue(page).locator('tbody').innerText()).not.toMatch(/control/i);
  const [real, control] = [(await cases()).find(({ merchantId }) => merchantId === 'm-0')!, (await cases()).find(({ merchantId }) => merchantId !== 'm-0' && merchantId !== 'm-1')!];
  expect(Object.keys(control).sort()).toEqual(Object.keys(real).sort());
  await page.close();
});

test('a case is claimed by one at a time; a sanction wants a second person; who judged it is not that one', async () => {
  const page = await open();
  await queue(page).getByRole('button', { name: 'm-0', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Merchant m-0' });
  await panel.getByLabel('Your name').fill('ann');
  await panel.getByRole('button', { name: 'Claim for half an hour' }).click();
  await panel.getByText(/Claimed by ann/).waitFor();
  const { caseId, claim } = (await cases()).find(({ merchantId }) => merchantId === 'm-0')!;
  expect(claim!.untilMs - Date.now()).toBeGreaterThan(25 * 60_000);
  expect(claim!.untilMs - Date.now()).toBeLessThanOrEqual(30 * 60_000);
  expect((await act(caseId, 'claim', { by: 'bob' })).status).toBe(409);

  await panel.getByLabel('Your name').fill('ann');
  await panel.getByLabel('Verdict').selectOption('diversion');
  await panel.getByLabel('Why').fill('clients say they paid in cash');
  await panel.getByRole('checkbox').check();
  await panel.getByRole('button', { name: 'Decide' }).click();
  await panel.getByText(/Waits for a second person/).waitFor();
  await panel.getByLabel('Your name').fill('ann');
  await panel.getByRole('button', { name: 'Agree', exact: true }).click();
  await panel.getByRole('status').getByText(/./).waitFor();
  expect((await cases()).find((one) => one.caseId === caseId)?.state).toBe('awaiting-second');
  await panel.getByLabel('Your name').fill('bob');
  await panel.getByRole('button', { name: 'Agree', exact: true }).click();
  await panel.getByText(/with consequences; bob agrees/).waitFor();
  await panel.getByText('It was no control.').waitFor();
  await page.close();
});

test('a control says that it was one only when it is closed', async () => {
  const control = (await cases()).find(({ merchantId }) => merchantId !== 'm-0' && merchantId !== 'm-1')!;
  const page = await open();
  await queue(page).getByRole('button', { name: control.merchantId, exact: true }).click();
  const panel = page.getByRole('dialog', { name: `Merchant ${control.merchantId}` });
  expect(await panel.innerText()).not.toMatch(/control/i);
  await panel.getByLabel('Your name').fill('ann');
  await panel.getByRole('button', { name: 'Claim for half an hour' }).click();
  await panel.getByLabel('Verdict').selectOption('honest');
  await panel.getByLabel('Your name').fill('ann');
  await panel.getByRole('button', { name: 'Decide' }).click();
  await panel.getByText('It was a control').waitFor();
  await page.close();
});

test('the merchants page lays each merchant’s way from offer to payment beside his peers of the MCC and his own past', async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(`${line.urls.monitor}/#/merchants`);
  const table = page.getByRole('region', { name: 'From offer to payment' });
  const row = (name: string) => table.getByRole('row', { name: new RegExp(`^${name} `) });
  await row('m-0').waitFor();
  expect(await table.locator('tbody tr').count()).toBe(40);
  expect(await row('m-0').innerText()).toMatch(/5411\s.*20\.0 %/s);
  await row('m-0').getByText('fewer than peers').waitFor();
  expect(await row('m-5').innerText()).not.toMatch(/fewer|more/);
  await row('m-0').getByRole('button').click();
  const panel = page.getByRole('dialog', { name: 'Merchant m-0' });
  await panel.getByText(/19 peers of the MCC/).waitFor();
  for (const step of ['Offered', 'Redeemed', 'Refused by the merchant']) await panel.getByText(step).waitFor();
  await page.keyboard.press('Escape');
  await table.getByLabel('Days').selectOption('7');
  await expect.poll(() => row('m-0').innerText()).toMatch(/\s35\s/);
  await page.close();
});

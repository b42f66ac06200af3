/** Real: the built page in Chromium, at recorded answers. */
import { repositoryFolder } from '@sp/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';
import { RecordedMonitor } from './testing/recorded-monitor';

const recorded = new RecordedMonitor(join(repositoryFolder(), 'dist/dashboard'));
let url = '';
let browser: Browser;
let complaints: string[] = [];

beforeAll(async () => {
  url = await recorded.start();
  browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  await recorded.stop();
});

async function open(hash: string, width = 1440): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  await page.goto(`${url}/#${hash}`);
  await page.getByRole('status').getByText('Live').waitFor();
  return page;
}

const metrics = (page: Page) => page.getByRole('region', { name: 'Metrics by arm' });

test('the list says what may be said and what to do next, and leads to one experiment', async () => {
  const page = await open('/experiments');
  await page.getByText('decide to give it more clients').waitFor();
  await page.getByRole('link', { name: 'always-on' }).click();
  await metrics(page).waitFor();
  expect(page.url()).toContain('id=always-on');
  expect(complaints).toEqual([]);
});

test('every metric stands with its intervals, its corrected p and its chance', async () => {
  const page = await open('/experiments?id=always-on');
  await metrics(page).waitFor();
  expect(await metrics(page).getByRole('rowheader').allInnerTexts()).toHaveLength(7);
  expect(await metrics(page).locator('tbody tr').count()).toBe(28);
  const health = page.getByRole('region', { name: 'Health' });
  expect(await health.innerText()).toMatch(/split as asked[\s\S]*nobody was in two arms[\s\S]*Day 20 of 28/);
});

test('arm and axis stand in the address, and an address leads back to them', async () => {
  const page = await open('/experiments?id=always-on');
  await page.getByRole('button', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Days since the first offer' }).click();
  await page.getByRole('img', { name: /Cumulative difference on day 14/ }).waitFor();
  expect(page.url()).toMatch(/arm=rules/);
  const again = await open(page.url().split('#')[1] ?? '');
  await again.getByRole('img', { name: /Cumulative difference on day 14/ }).waitFor();
  expect(await again.getByRole('button', { name: 'Rules' }).getAttribute('aria-pressed')).toBe('true');
});

test('the table is saved as CSV', async () => {
  const page = await open('/experiments?id=always-on');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  expect(download.suggestedFilename()).toBe('always-on-epoch-1.csv');
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  expect(lines).toHaveLength(29);
  expect(lines[4]).toMatch(/^always-on,1,spend,model,12031,/);
});

test('a decision is noted with its author and reason', async () => {
  const page = await open('/experiments?id=always-on');
  const log = page.getByRole('region', { name: 'Decisions' });
  await log.getByText('Nothing has been decided yet').waitFor();
  await log.getByLabel('Your name').fill('ann');
  await log.getByLabel('Decision').selectOption('ship');
  await log.getByLabel('Why').fill('it earns more');
  await log.getByRole('button', { name: 'Note it' }).click();
  await log.getByText('it earns more').waitFor();
  expect(await log.getByRole('listitem').innerText()).toMatch(/Give it more clients[\s\S]*ann/);
});

test('it fits a telephone', async () => {
  const page = await open('/experiments?id=always-on', 390);
  await metrics(page).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});

/** Real: the built page in Chromium, at recorded answers. */
import { repositoryFolder } from '@sp/testing';
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

test('what other policies would have earned stands with three estimates and their intervals', async () => {
  const page = await open('/earned');
  const card = page.getByRole('region', { name: 'What another policy would have earned' });
  await card.getByText('Model: the best expected value').waitFor();
  expect(await card.locator('tbody tr').count()).toBe(4);
  expect(await card.locator('tbody tr').first().innerText()).toMatch(/€1\.18[\s\S]*€1\.04 … €1\.32[\s\S]*610/);
  expect(complaints).toEqual([]);
});

test('what would not have come anyhow stands by group, and a group without ghosts says so', async () => {
  const page = await open('/earned');
  const card = page.getByRole('region', { name: 'What would not have come anyhow' });
  await card.getByText('All offers').waitFor();
  expect(await card.locator('tbody tr').first().innerText()).toMatch(/9,120[\s\S]*3,040[\s\S]*€0\.96[\s\S]*€0\.51[\s\S]*€0\.45[\s\S]*0\.080/);
  expect(await card.locator('tbody tr').last().innerText()).not.toContain('€0.00');
});

test('an automatic change shows its reason; a person takes it back by name and lets it go on again', async () => {
  const page = await open('/regulation');
  const changes = page.getByRole('region', { name: 'Automatic changes' });
  await changes.getByText('exploration 0.1 to 0.22').waitFor();
  await page.getByText('22.0 % is tried out now').waitFor();
  expect(await changes.getByRole('button', { name: 'Take back' }).isDisabled()).toBe(true);
  await page.getByLabel('Your name').fill('ann');
  await changes.getByRole('button', { name: 'Take back' }).click();
  await changes.getByText('taken back by ann').waitFor();
  await page.getByText('a person has set it').waitFor();
  await page.getByRole('button', { name: 'Let it be regulated again' }).click();
  await page.getByText('it is regulated').waitFor();
  expect(complaints).toEqual([]);
});

test('both pages fit a telephone', async () => {
  for (const hash of ['/earned', '/regulation']) {
    const page = await open(hash, 390);
    await page.locator('tbody tr').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  }
});

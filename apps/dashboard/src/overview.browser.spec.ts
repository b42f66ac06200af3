/**
 * Real: the built page in Chromium. With DASHBOARD_URL it looks at that running monitor; without, at recorded answers,
 * and only then the parts run that need the server's misfortunes.
 */
import { repositoryFolder } from '@sp/testing';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';
import { RecordedMonitor } from './testing/recorded-monitor';

const running = process.env['DASHBOARD_URL'];
const recorded = new RecordedMonitor(join(repositoryFolder(), 'dist/dashboard'));
let url = running ?? '';
let browser: Browser;
let complaints: string[] = [];

beforeAll(async () => {
  browser = await openChromium();
  if (running === undefined) url = await recorded.start();
});
afterAll(async () => {
  await browser?.close();
  await recorded.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  await page.goto(url);
  await page.getByRole('status').getByText('Live').waitFor();
  return page;
}

const arms = (page: Page) => page.getByRole('region', { name: 'Arms of the experiment' });
const decisions = (page: Page) => page.getByRole('region', { name: 'Recent decisions' }).locator('tbody tr');

test('the four arms stand in their order, each with its clients and spend', async () => {
  const page = await open();
  await arms(page).locator('tbody tr').nth(3).getByText(/[\d,.]{4,}/).first().waitFor();
  expect(await arms(page).getByRole('rowheader').allInnerTexts()).toEqual([/Holdout/, /Random/, /Rules/, /Model/].map((name) => expect.stringMatching(name)));
  const model = await arms(page).locator('tbody tr').nth(3).locator('td').allInnerTexts();
  expect(model[0]).toMatch(/^[\d,]+$/);
  expect(model[6]).toMatch(/Earns more|Earns less|Not yet distinguishable|Too few clients yet|No figure yet|Withheld/);
  expect(complaints).toEqual([]);
});

test('the line is drawn and every stage is named', async () => {
  const page = await open();
  await page.getByRole('img', { name: /Events a second over the last five minutes: between/ }).waitFor();
  expect(await page.getByRole('list', { name: /Stages/ }).getByRole('listitem').count()).toBe(5);
});

test('the keyboard alone opens why a decision was made, and comes back to where it was', async () => {
  const page = await open();
  const first = decisions(page).first().getByRole('button');
  await first.focus();
  const name = await first.innerText();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Why this decision' });
  await panel.getByText('Made with').waitFor();
  expect(await panel.innerText()).toMatch(/Client \S+ .*so a decision was due/);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name);
});

test("a client's own decisions are found by his id", async () => {
  const page = await open();
  const client = await decisions(page).nth(1).locator('td').nth(1).innerText();
  await page.getByRole('textbox', { name: "Client's id" }).fill(client);
  await page.keyboard.press('Enter');
  await page.getByText(`Of client ${client}`).waitFor();
  await decisions(page).first().waitFor();
  expect(new Set(await decisions(page).locator('td:nth-child(2)').allInnerTexts())).toEqual(new Set([client]));
});

test('nothing moves when the figures arrive', async () => {
  const page = await open();
  await decisions(page).first().waitFor();
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let total = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) total += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(total), 1500);
      }),
  );
  // Google's bound of "good" is 0.1.
  expect(shift).toBeLessThan(0.1);
});

test('it is dark where the reader wants it dark', async () => {
  const brightness = async (colorScheme: 'light' | 'dark'): Promise<number> => {
    const page = await open({ colorScheme });
    const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    return Math.max(...(color.match(/\d+/g) ?? []).slice(0, 3).map(Number));
  };
  expect(await brightness('dark')).toBeLessThan(60);
  expect(await brightness('light')).toBeGreaterThan(230);
});

test('every page is in sight in the navigation of a laptop', async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } });
  const nav = page.getByRole('navigation', { name: 'Pages' });
  const { wanted, given } = await nav.evaluate((element) => ({ wanted: element.scrollWidth, given: element.clientWidth }));
  expect(wanted).toBeLessThanOrEqual(given);
  expect((await page.locator('header').boundingBox())!.height).toBeLessThan(100);
});

test('on a telephone the page itself does not scroll sideways', async () => {
  const page = await open({ viewport: { width: 390, height: 844 } });
  await decisions(page).first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test.runIf(running === undefined)('a lost connection is said at once, and it comes back by itself', async () => {
  const page = await open();
  recorded.cutStreams();
  await page.getByRole('status').getByText('Connection lost, trying again').waitFor();
  await page.getByRole('status').getByText('Live').waitFor();
});

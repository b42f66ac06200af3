/** Real: the built page in Chromium, the built monitor, nats-server and the embedded ClickHouse. Made up: what became of 600 offers, with their vectors. */
import { repositoryFolder, startLine, type Line } from '@sp/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';

const folder = mkdtempSync(join(tmpdir(), 'sp-features-page-'));
const models = join(repositoryFolder(), 'models');
const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(models, ...path), 'utf8')) as T;
/** The shipped model takes just the features that the line gives. */
const names = read<{ featureNames: string[] }>('redemption', `${read<{ redemption: string }>('champion.json').redemption}.card.json`).featureNames;
const rows = 600;
let line: Line;
let browser: Browser;

beforeAll(async () => {
  line = await startLine({ folder, clock: 'events', sync: 'default', services: ['monitor'] });
  const body = Array.from({ length: rows }, (_, row) => JSON.stringify(outcomeOf(row))).join('\n');
  const stored = await fetch(`${line.urls.clickhouse}/?query=${encodeURIComponent('INSERT INTO outcomes FORMAT JSONEachRow')}`, { method: 'POST', body });
  if (!stored.ok) throw new Error(await stored.text());
  browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  await line?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The first feature tells the outcome, the second repeats it, the third never moves, the fourth is never known; the others are noise. */
function outcomeOf(row: number): Record<string, unknown> {
  const redeemed = row % 5 === 0;
  const first = redeemed ? 40 + (row % 7) : row % 9;
  const features = names.map((_, place) => [first, 3 * first + (row % 2) * 0.01, 7, 'nan'][place] ?? ((row * (place + 3)) % 97) / 97);
  const at = new Date(Date.UTC(2026, 0, 5) + row * 60_000).toISOString().replace('T', ' ').slice(0, 23);
  return { partition: 0, line_position: row + 1, ordinal: 0, offer_id: `o-${row}`, decision_id: `d-${row}`, client_id: `c-${row}`, arm: 'model', ghost: 0, redeemed: Number(redeemed), issued_at: at, closed_at: at, known_at: at, features };
}

async function open(width = 1440): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(`${line.urls.monitor}/#/features`);
  await table(page).getByRole('rowheader').first().waitFor();
  return page;
}

const table = (page: Page) => page.getByRole('region', { name: 'What is in the features' });
const shown = (page: Page) => table(page).getByRole('rowheader');

test('every feature of the model’s input has its row, with range, distribution, what is missing, and what it says of the outcome', async () => {
  const page = await open();
  expect(await shown(page).count()).toBe(names.length);
  expect(await table(page).textContent()).toContain(`600 delivered offers of all arms`);
  const first = table(page).getByRole('row', { name: new RegExp(`^${names[0]!}`) }).first();
  expect(await first.textContent()).toMatch(/0\.0 %.*46.*1\.00/);
  await first.getByRole('img', { name: new RegExp(`Distribution of ${names[0]!}`) }).waitFor();
  expect(await table(page).getByRole('row', { name: new RegExp(`^${names[3]!}`) }).first().textContent()).toMatch(/never known.*100\.0 %/);
});

test('constant, redundant and unknown ones are flagged, and can be seen alone', async () => {
  const page = await open();
  await page.getByLabel('Flagged only').check();
  await expect.poll(() => shown(page).count()).toBeLessThan(names.length);
  for (const [place, flag] of [[1, 'redundant'], [2, 'constant'], [3, 'never known']] as const) expect(await table(page).getByRole('row', { name: new RegExp(`^${names[place]!}`) }).first().textContent()).toContain(flag);
  expect(await page.getByRole('region', { name: 'Features that say nearly the same' }).textContent()).toContain(`${names[1]!}${names[0]!}1.000`);
});

test('the strongest come first where that is wanted, one is found by its name, and a link keeps both', async () => {
  const page = await open();
  await page.getByLabel('Order').selectOption('auc');
  await expect.poll(async () => (await shown(page).first().textContent())?.startsWith(names[0]!)).toBe(true);
  await page.getByLabel('Find a feature').fill('merchant_conversion');
  await expect.poll(() => shown(page).count()).toBe(1);
  expect(page.url()).toContain('by=auc');
  expect(page.url()).toContain('name=merchant_conversion');
});

test('it fits a telephone', async () => {
  const page = await open(390);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  if (process.env['SHOT']) {
    await page.screenshot({ path: `${process.env['SHOT']}-phone.png` });
    await (await open()).screenshot({ path: `${process.env['SHOT']}.png` });
  }
});

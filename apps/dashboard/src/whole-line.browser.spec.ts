/** Real: nats-server, ClickHouse, all six services, a small simulated bank and Chromium. Nothing is recorded. */
import type { DecisionDetail } from '@sp/contracts';
import { builtFile, runToEnd, startLine, type Line } from '@sp/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openChromium } from './testing/chromium';

const clients = 300;
const folder = mkdtempSync(join(tmpdir(), 'sp-dashboard-'));
let line: Line;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [line, browser] = await Promise.all([startLine({ folder: join(folder, 'data'), clock: 'events', sync: 'default', env: { LOG_LEVEL: 'warn', PROVENANCE: 'A simulated bank' } }), openChromium()]);
  await simulate(2);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(line.urls.monitor);
}, 150_000);

afterAll(async () => {
  await browser?.close();
  await line?.stop();
}, 60_000);

afterEach(() => expect(complaints).toEqual([]));

/** Lives on to the end of that day. */
async function simulate(days: number): Promise<void> {
  const env = {
    INGEST_URL: line.urls.ingest, NATS_URL: line.urls.nats, SIMULATOR_STATE_FOLDER: join(folder, 'bank'), SIMULATOR_CLIENTS: String(clients),
    SIMULATOR_DAYS: String(days), SIMULATOR_HOURS_PER_SECOND: '0', SIMULATOR_SETTLE_MS: '500',
  };
  await runToEnd({ name: 'simulated bank', command: process.execPath, args: [builtFile('apps/bank-simulator.js')], env });
}

async function clientsByArm(): Promise<number[]> {
  const texts = await page.getByRole('region', { name: 'Arms of the experiment' }).locator('tbody tr td:nth-child(2)').allInnerTexts();
  return texts.map((text) => Number(text.replace(/\D/g, '')));
}

async function totalDecisions(): Promise<number> {
  const overview = (await (await fetch(`${line.urls.monitor}/v1/overview`)).json()) as { decisionsByOutcome: { decisions: number }[] };
  return overview.decisionsByOutcome.reduce((sum, { decisions }) => sum + decisions, 0);
}

test('every client of the bank stands in one of four arms, and it is said that the bank is a simulated one', async () => {
  await page.getByText('A simulated bank').waitFor();
  await expect.poll(async () => (await clientsByArm()).reduce((sum, count) => sum + count, 0), { timeout: 20_000 }).toBeGreaterThanOrEqual(clients);
  expect(await clientsByArm()).toHaveLength(4);
});

test('the page says of a decision what its record says', async () => {
  const row = page.getByRole('region', { name: 'Recent decisions' }).locator('tbody tr').first();
  await row.getByRole('button').click();
  const panel = page.getByRole('dialog', { name: 'Why this decision' });
  await panel.getByText('Made with').waitFor();
  const text = await panel.innerText();
  const recent = (await (await fetch(`${line.urls.monitor}/v1/decisions?limit=50`)).json()) as { decisionId: string; clientId: string }[];
  const shown = recent.find(({ decisionId, clientId }) => text.includes(decisionId) || text.includes(`Client ${clientId} `));
  const record = (await (await fetch(`${line.urls.monitor}/v1/decisions/${shown!.decisionId}`)).json()) as DecisionDetail;
  expect(text).toContain(record.clientId);
  expect(text).toContain(record.versions.policy);
  await page.keyboard.press('Escape');
});

test('figures move on by themselves as the bank lives on', async () => {
  const before = await totalDecisions();
  await simulate(3);
  await expect.poll(totalDecisions, { timeout: 20_000 }).toBeGreaterThan(before);
  await page.getByText(/Data to [78] Jan 2026/).waitFor();
  for (const stage of ['ingest', 'feature-store', 'scorer', 'recommender', 'feedback-loop']) await page.getByRole('list', { name: /Stages/ }).getByText(stage, { exact: true }).waitFor();
});

const decisionsOf = async (experimentId: string): Promise<DecisionDetail[]> => {
  const recent = (await (await fetch(`${line.urls.monitor}/v1/decisions?limit=200`)).json()) as { decisionId: string }[];
  const records = await Promise.all(recent.map(async ({ decisionId }) => (await (await fetch(`${line.urls.monitor}/v1/decisions/${decisionId}`)).json()) as DecisionDetail));
  return records.filter((record) => record.experimentId === experimentId);
};

test('an experiment is declared on the page, started by a second person, steers decisions, and is stopped; all of it stands in its log', async () => {
  await page.goto(`${line.urls.monitor}/#/experiments`);
  await page.getByRole('button', { name: 'Declare one' }).click();
  const form = page.getByRole('dialog', { name: 'New experiment' });
  for (const [label, text] of [['Your name', 'ann'], ['Its name', 'no-offers'], ['What do you expect', 'offers are worth it'], ['Arms', 'as-now, model, 1\nnone, holdout, 1'], ['Guardrails', 'opt-outs 0']] as const) await form.getByLabel(label).fill(text);
  await form.getByRole('button', { name: 'Declare' }).click();
  await page.getByText('no-offers is declared').waitFor();
  await page.getByRole('link', { name: 'no-offers' }).click();

  const order = async (kind: 'Start' | 'Stop', by: string, confirm: string): Promise<void> => {
    const orders = page.getByRole('form', { name: kind });
    await orders.getByLabel('Your name').fill(by);
    await orders.getByLabel('Why now').fill(`because ${by} says so`);
    await orders.getByRole('button', { name: `${kind} it` }).click();
    await orders.getByRole('button', { name: confirm }).click();
  };
  await order('Start', 'ann', 'Yes, decide');
  await page.getByText('a second person starts it').waitFor();
  await order('Start', 'bob', 'Yes, decide');
  await page.getByText('The start is asked for').waitFor();
  await simulate(4);
  await page.getByRole('region', { name: 'Metrics by arm' }).waitFor({ timeout: 20_000 });
  await expect.poll(async () => new Set((await decisionsOf('no-offers')).map(({ experimentArm, outcome }) => `${experimentArm} ${outcome}`)), { timeout: 20_000 }).toContain('none ghost');
  expect((await decisionsOf('no-offers')).filter(({ experimentArm, outcome }) => experimentArm === 'none' && outcome === 'offer')).toEqual([]);

  await order('Stop', 'cleo', 'Yes, stop');
  await page.getByText('The stop is asked for').waitFor();
  const log = page.getByRole('region', { name: 'Decisions', exact: true });
  await expect.poll(() => log.innerText(), { timeout: 20_000 }).toMatch(/Stopped: because cleo says so[\s\S]*cleo[\s\S]*Started: because bob says so[\s\S]*bob[\s\S]*Declared: offers are worth it[\s\S]*ann/);
  await simulate(5);
  const [newest] = await decisionsOf('always-on');
  expect((await decisionsOf('no-offers')).every(({ timeMs }) => timeMs < newest!.timeMs)).toBe(true);
}, 150_000);

import { offersDoor, type DecisionAnswer, type Envelope } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { connectNats } from '@sp/nats';
import { startLine, type Line } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Real: nats-server, the embedded ClickHouse, the built services, the shipped model. Nothing is faked.
const hourMs = 3_600_000;
const tickMs = 15 * 60_000;
const noonMs = mondayMs + 12 * hourMs;
const clients = Array.from({ length: 160 }, (_, index) => `client-${index}`);
const folder = mkdtempSync(join(tmpdir(), 'sp-effect-'));
let line: Line;
let nats: NatsConnection;

beforeAll(async () => {
  line = await startLine({ folder: join(folder, 'data'), clock: 'events', sync: 'default', env: { LOG_LEVEL: 'warn' } });
  nats = await connectNats(line.urls.nats, 'test');
}, 120_000);

afterAll(async () => {
  await nats?.close();
  await line?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

interface Offered {
  readonly offerId: string;
  readonly clientId: string;
  readonly merchantId: string;
  readonly campaignId: string;
  readonly arm: string;
}

async function post(events: readonly Parameters<typeof asEnvelope>[0][]): Promise<void> {
  const answer = await fetch(`${line.urls.ingest}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events.map((event) => asEnvelope(event))) });
  expect(answer.status).toBe(202);
}

async function offersIssued(): Promise<Offered[]> {
  const consumer = await nats.jetstream().consumers.get(offersDoor.stream);
  const { num_pending: pending } = await consumer.info();
  const found: Offered[] = [];
  if (pending > 0) for await (const message of await consumer.fetch({ max_messages: pending, expires: 3_000 })) found.push(message.json<Envelope>().data as unknown as Offered);
  return found;
}

async function decideNow(clientId: string): Promise<DecisionAnswer> {
  const answer = await fetch(`${line.urls.ingest}/v1/decisions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ clientId }) });
  return (await answer.json()) as DecisionAnswer;
}

/** P(redemption) of the campaign's offer in a decision of now. */
async function conversionOf(campaignId: string, clientId: string): Promise<number | undefined> {
  return (await decideNow(clientId)).considered.find((one) => one.campaignId === campaignId)?.conversion;
}

it('what offers of a campaign came to changes the next decisions about it, within seconds', { timeout: 90_000 }, async () => {
  const merchants = ['a', 'b'].map((name) => anEvent('merchant.registered', { id: `m-${name}`, timeMs: mondayMs, data: { merchantId: `shop-${name}`, mcc: name === 'a' ? 5411 : 5812 } }));
  const terms = [{ discountPercent: 10, validityDays: 3, minimumCheckMinor: 1_000 }];
  const campaigns = merchants.map(({ data }) => anEvent('campaign.published', { id: `k-${data.merchantId}`, timeMs: mondayMs, data: { campaignId: `campaign-${data.merchantId}`, merchantId: data.merchantId, budgetMinor: 100_000_000, terms } }));
  await post([...merchants, ...campaigns, ...clients.map((subject) => anEvent('client.registered', { id: `r-${subject}`, subject, timeMs: mondayMs }))]);
  await post(clients.map((subject, index) => anEvent('transaction.authorised', { id: `h-${subject}`, subject, timeMs: noonMs - 3 * hourMs + index * 1_000, data: { transactionId: `h-${subject}`, merchantId: `shop-${index % 2 === 0 ? 'a' : 'b'}`, mcc: 5411, amountMinor: 2_000 } })));
  await post(clients.map((subject, index) => anEvent('client.acted', { id: `o-${subject}`, subject, timeMs: noonMs + 8 * hourMs + index * 1_000 })));
  let offers: Offered[] = [];
  for (let attempt = 0; attempt < 100 && offers.filter(({ arm }) => arm === 'model').length < 20; attempt++) {
    await new Promise((resume) => setTimeout(resume, 200));
    offers = await offersIssued();
  }
  const made = offers.filter(({ arm }) => arm === 'model');
  const [campaignId] = [...new Set(made.map((offer) => offer.campaignId))].sort((a, b) => made.filter((offer) => offer.campaignId === b).length - made.filter((offer) => offer.campaignId === a).length) as [string];
  const redeemed = made.filter((offer) => offer.campaignId === campaignId);
  // Another client of the model's arm, who is asked about the campaign before and after.
  const watcher = await someone(campaignId, made.filter((offer) => offer.campaignId !== campaignId).map(({ clientId }) => clientId).concat(clients));
  expect(watcher?.conversion).toBeGreaterThan(0);

  const timeMs = noonMs + 9 * hourMs;
  const startedAt = performance.now();
  await post(redeemed.map(({ clientId, merchantId }, index) => anEvent('transaction.authorised', { id: `t-${clientId}`, subject: clientId, timeMs: timeMs + index, data: { transactionId: `t-${clientId}`, merchantId, amountMinor: 3_000 } })));
  let factor = 1;
  for (let beat = 1; factor < 1.3 && beat < 100; beat++) {
    // Time goes on by others’ events; what happened is gathered at the line’s ticks, which come every quarter of an hour of the events’ time here, every second of a wall clock.
    await post([anEvent('client.acted', { id: `beat-${beat}`, subject: 'clock-driver', timeMs: timeMs + beat * tickMs })]);
    await new Promise((resume) => setTimeout(resume, 100));
    factor = ((await conversionOf(campaignId, watcher!.clientId)) ?? 0) / watcher!.conversion;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  process.stdout.write(`${redeemed.length} redemptions were visible in a decision after ${seconds.toFixed(1)} s: P(redemption) times ${factor.toFixed(2)}\n`);
  expect(factor).toBeGreaterThan(1.3);
});

/** The first of them who is in an arm that chooses by the model and for whom the campaign is considered. */
async function someone(campaignId: string, candidates: readonly string[]): Promise<{ clientId: string; conversion: number } | undefined> {
  for (const clientId of candidates) {
    const { arm } = await decideNow(clientId);
    const conversion = arm === 'model' || arm === 'holdout' ? await conversionOf(campaignId, clientId) : undefined;
    if (conversion !== undefined) return { clientId, conversion };
  }
  return undefined;
}

import { stageLog, type LineEvent } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { decodeFrame } from '@sp/dataflow';
import { connectNats, NatsInputLog } from '@sp/nats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOwnIngest, type OwnIngest } from './testing/own-ingest';

// Real: nats-server and the built ingest, killed in between. There is no later stage and no ClickHouse.
let ingest: OwnIngest;

beforeAll(async () => {
  ingest = await startOwnIngest({ BASE_CURRENCY: 'EUR', BANK_TIME_ZONE: 'Europe/Berlin', PARTITIONS: '1' });
}, 60_000);

afterAll(async () => {
  await ingest?.close();
}, 60_000);

async function post(events: readonly unknown[]): Promise<string[]> {
  const response = await fetch(`${ingest.url}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) });
  const { items } = (await response.json()) as { items: { status: string; reason?: string }[] };
  return items.map(({ status, reason }) => reason ?? status);
}

async function logged(): Promise<Map<string, LineEvent>> {
  const connection = await connectNats(ingest.natsUrl, 'test');
  const reading = new AbortController();
  const events = new Map<string, LineEvent>();
  for await (const { bytes, pending } of new NatsInputLog(connection, stageLog('ingest', 0).stream).read(1, reading.signal)) {
    for (const event of decodeFrame(bytes).events) events.set(event.id, event);
    if (pending === 0) break;
  }
  reading.abort();
  await connection.close();
  return events;
}

const bought = (id: string, data: object, over: object = {}): Record<string, unknown> => {
  const event = asEnvelope(anEvent('transaction.authorised', { id, subject: 'c-1', data: { transactionId: `t-${id}` } }));
  return { ...event, data: { ...(event['data'] as object), ...data }, ...over };
};

it('corrects what it can, keeps the original, counts by rule, and knows rates and categories after a kill', async () => {
  const usual = Array.from({ length: 400 }, (_, index) => bought(`u-${index}`, { amountMinor: 1_000 + ((index * 37) % 2_000) }));
  expect(new Set(await post([asEnvelope(anEvent('rate.published', { id: 'rate', subject: 'EUR/USD', data: { base: 'EUR', quote: 'USD', rate: 1.25 } })), ...usual]))).toEqual(new Set(['accepted']));
  const foreign = bought('foreign', { amountMinor: 1_000, currency: 'usd', mcc: '5462' }, { time: '2026-01-05T13:00:00' });
  expect(await post([foreign, foreign])).toEqual(['accepted', 'duplicate']);
  // What was learned is stored every few seconds.
  await new Promise((resume) => setTimeout(resume, 5_500));
  await ingest.service.kill();
  await ingest.service.restart();
  expect(await post([foreign, bought('huge', { amountMinor: 500_000_000 }), bought('dollars', { amountMinor: 2_500, currency: 'USD' })])).toEqual(['duplicate', 'accepted', 'accepted']);
  const part = asEnvelope(anEvent('transaction.reversed', { id: 'part', subject: 'c-1', timeMs: mondayMs + 86_400_000, data: { transactionId: 't-foreign', amountMinor: 500 } }));
  expect(await post([part])).toEqual(['accepted']);

  const events = await logged();
  expect(events.get('foreign')).toMatchObject({ timeMs: Date.UTC(2026, 0, 5, 12), data: { amountMinor: 1_000, currency: 'USD', mcc: 5462 }, cleaning: { amountMinor: 800, currency: 'EUR' } });
  expect(events.get('foreign')?.cleaning?.corrections.map(({ rule }) => rule)).toEqual(['time-without-offset', 'mcc-as-text', 'currency-spelling', 'foreign-currency']);
  expect(events.get('huge')).toMatchObject({ data: { amountMinor: 500_000_000 }, cleaning: { corrections: [{ rule: 'amount-outlier', before: 500_000_000 }] } });
  expect(events.get('huge')?.cleaning?.amountMinor).toBeLessThan(100_000);
  expect(events.get('dollars')).toMatchObject({ cleaning: { amountMinor: 2_000, currency: 'EUR' } });
  expect(events.get('part')).toMatchObject({ data: { amountMinor: 500 }, cleaning: { amountMinor: 400, original: { amountMinor: 500, currency: 'USD' } } });
  expect(events.get('u-7')).not.toHaveProperty('cleaning');
  const metrics = await (await fetch(`${ingest.url}/metrics`)).text();
  expect(metrics).toContain('corrections_total{rule="amount-outlier"} 1');
}, 60_000);

it('tells the same fact under another id as a duplicate, in one request and later, and a like fact not', async () => {
  const again = (id: string, over: object = {}): Record<string, unknown> => bought(id, { transactionId: 't-same' }, { time: '2026-01-06T00:00:00Z', ...over });
  expect(await post([again('one'), again('two'), again('three', { time: '2026-01-06T00:00:00.001Z' })])).toEqual(['accepted', 'duplicate', 'accepted']);
  expect(await post([again('four'), again('one')])).toEqual(['duplicate', 'duplicate']);
  const acted = (id: string): Record<string, unknown> => asEnvelope(anEvent('client.acted', { id, subject: 'c-9' }));
  expect(await post([acted('click-1'), acted('click-2')])).toEqual(['accepted', 'accepted']);
});

it('refuses a time without an offset and leaves amounts alone where the bank says nothing of itself', async () => {
  const silent = await startOwnIngest();
  try {
    const response = await fetch(`${silent.url}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([bought('local', {}, { time: '2026-01-05T13:00:00' }), bought('dollars', { currency: 'USD' })]) });
    expect(((await response.json()) as { items: unknown[] }).items).toMatchObject([{ status: 'rejected', field: 'time' }, { status: 'accepted' }]);
  } finally {
    await silent.close();
  }
}, 60_000);

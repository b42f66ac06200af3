import { bankDoor, deadLetters, partitionOf, stageLog, type DeadLetterDetail, type DeadLetterReason, type DeadLetterSummary } from '@sp/contracts';
import { anEvent, asEnvelope } from '@sp/contracts/testing';
import { decodeFrame } from '@sp/dataflow';
import { connectNats } from '@sp/nats';
import { builtFile, startNats, startService, type NatsHandle, type ServiceHandle } from '@sp/testing';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Real: nats-server, the built ingest, feature store, monitor and dlq. Absent: ClickHouse, as this must work without it.
const folder = mkdtempSync(join(tmpdir(), 'sp-dlq-'));
const card = '4111 1111 1111 1111';
let nats: NatsHandle;
let connection: NatsConnection;
let ingest: ServiceHandle;
let monitor: ServiceHandle;

beforeAll(async () => {
  nats = await startNats({ folder: join(folder, 'nats'), sync: 'default' });
  connection = await connectNats(nats.url, 'test');
  ingest = await startIngest();
  monitor = await startService('monitor', { env: { NATS_URL: nats.url, CLICKHOUSE_URL: 'http://127.0.0.1:9', INGEST_URL: ingest.url, LOG_LEVEL: 'fatal' } });
});

afterAll(async () => {
  await connection?.close();
  await monitor?.stop(5_000);
  await ingest?.stop(5_000);
  await nats?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const startIngest = (port?: number): Promise<ServiceHandle> => startService('ingest', { ...(port === undefined ? {} : { port }), env: { NATS_URL: nats.url, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, 'ingest'), PARTITIONS: '2', CLOCK: 'events', MAXIMUM_LAG_SECONDS: '100000', LOG_LEVEL: 'fatal' } });

function badPurchase(id: string, over: object = { currency: 'EURO' }): Record<string, unknown> {
  // A transaction of its own: the same one under another id is the same fact to the door.
  const event = asEnvelope(anEvent('transaction.authorised', { id, data: { transactionId: `t-${id}` } }));
  return { ...event, data: { ...(event['data'] as object), ...over } };
}

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly items: readonly { readonly id: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
}

async function post(body: unknown, type = 'application/cloudevents-batch+json'): Promise<Answer> {
  const response = await fetch(`${ingest.url}/v1/events`, { method: 'POST', headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return (await response.json()) as Answer;
}

function dlq(...args: string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [builtFile('tools/dlq.js'), ...args], { env: { ...process.env, NATS_URL: nats.url, INGEST_URL: ingest.url, USER: 'ann' } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
    child.once('close', (code) => settle({ code, text }));
  });
}

async function listed(...args: string[]): Promise<{ reasons: DeadLetterReason[]; letters: DeadLetterSummary[] }> {
  return JSON.parse((await dlq('ls', '--json', '--limit', '1000', ...args)).text) as { reasons: DeadLetterReason[]; letters: DeadLetterSummary[] };
}

/** Letters of the HTTP door are stored after the answer. */
async function letterOf(eventId: string, isWhole: (letter: DeadLetterSummary) => boolean = () => true): Promise<DeadLetterSummary> {
  return eventually(`the letter of ${eventId}`, async () => (await listed('--state', 'all')).letters.find((letter) => letter.event?.id === eventId && isWhole(letter)));
}

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resume) => setTimeout(resume, 200));
  }
  throw new Error(`${what} did not come`);
}

/** Amounts that the feature store took back of a purchase, as its log has them. */
async function reversalsOf(transactionId: string): Promise<number[]> {
  const manager = await connection.jetstreamManager();
  const { stream } = stageLog('feature-store', partitionOf('c-1', 2));
  const { state } = await manager.streams.info(stream);
  const amounts: number[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    for (const event of decodeFrame((await manager.streams.getMessage(stream, { seq })).data).events) if (event.type === 'purchase.reversed' && event.data.transactionId === transactionId) amounts.push(event.data.amountMinor);
  }
  return amounts;
}

const metric = async (name: string): Promise<number> => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`${ingest.url}/metrics`)).text())?.[1]);

describe('dead letters', { timeout: 120_000 }, () => {
  it('says that there are none', async () => {
    expect(await dlq('ls')).toEqual({ code: 0, text: 'No dead letters.\n' });
  });

  it('folds what is posted again and again into one letter, and mends it by a replay that counts once', async () => {
    for (let attempt = 0; attempt < 3; attempt++) await post([badPurchase('by-http')]);
    const letter = await letterOf('by-http', ({ attempts }) => attempts === 3);
    expect(letter).toMatchObject({ origin: 'http', reason: 'invalid-data', field: 'data.currency', event: { source: 'test', subject: 'c-1', id: 'by-http' }, state: { kind: 'open' } });
    expect((await dlq('show', letter.id)).text).toMatch(/"currency": "EURO"[\s\S]*/);

    expect(await dlq('replay', letter.id)).toEqual({ code: 1, text: expect.stringContaining('refused again: invalid-data data.currency') });
    expect(await dlq('replay', letter.id, '--set', 'data.currency=EUR')).toEqual({ code: 0, text: `${letter.id}: accepted\n` });
    expect(await dlq('replay', letter.id)).toEqual({ code: 0, text: expect.stringContaining('already accepted') });
    expect(await dlq('replay', letter.id, '--set', 'data.currency=USD')).toEqual({ code: 1, text: expect.stringContaining('other corrections') });
    expect(await post([badPurchase('by-http', { currency: 'EUR' })])).toMatchObject({ accepted: 0, duplicates: 1 });
    expect((await letterOf('by-http')).state).toMatchObject({ kind: 'replayed', verdict: 'accepted', by: 'ann', corrections: [{ path: 'data.currency', value: 'EUR' }] });
    expect(await dlq('drop', letter.id, '--why', 'no use')).toEqual({ code: 1, text: expect.stringContaining('the line has it') });
  });

  it('knows an event of the stream BANK by its place, and takes it through the door again', async () => {
    await connection.jetstream().publish(bankDoor.subject, JSON.stringify([badPurchase('fine', {}), badPurchase('by-nats'), badPurchase('by-nats')]));
    await connection.jetstream().publish(bankDoor.subject, 'no json');
    const found = await eventually('three letters', async () => {
      const { letters } = await listed();
      return letters.filter(({ origin }) => origin === 'bank').length === 3 ? letters.filter(({ origin }) => origin === 'bank') : undefined;
    });
    expect(found.map(({ position, attempts }) => [position, attempts])).toEqual([['2#0', 1], ['1#2', 1], ['1#1', 1]]);
    expect((await dlq('replay', found[0]!.id)).text).toContain('not a JSON object');
    expect(await dlq('replay', found[2]!.id, found[1]!.id, '--set', 'data.currency=EUR')).toEqual({ code: 0, text: `${found[2]!.id}: accepted\n${found[1]!.id}: already accepted: the door knows this event\n` });
  });

  it('makes no second letter of what is read again after a crash', async () => {
    const count = async (): Promise<number> => (await listed('--state', 'all')).letters.length;
    const before = await count();
    await ingest.kill();
    rmSync(join(folder, 'ingest', 'bank-door'), { recursive: true });
    ingest = await startIngest(ingest.port);
    await connection.jetstream().publish(bankDoor.subject, JSON.stringify(badPurchase('after-crash')));
    await letterOf('after-crash');
    expect(await count()).toBe(before + 1);
    expect(new Set((await listed('--state', 'all')).letters.filter(({ origin }) => origin === 'bank').map(({ attempts }) => attempts))).toEqual(new Set([1]));
  });

  it('masks card numbers, and says that such an event cannot be replayed', async () => {
    await post([badPurchase('with-card', { counterparty: card })]);
    const letter = await letterOf('with-card');
    const shown = (await dlq('show', letter.id)).text;
    expect(shown).toContain('411111******1111');
    expect(shown).not.toContain(card);
    expect(await dlq('replay', letter.id, '--set', 'data.counterparty=c-9')).toEqual({ code: 1, text: expect.stringContaining('held a card number') });
    expect(await dlq('drop', letter.id)).toEqual({ code: 1, text: expect.stringContaining('Say why') });
    expect(await dlq('drop', letter.id, '--why', 'the bank sends it anew', '--by', 'bob')).toEqual({ code: 0, text: `${letter.id}: dropped\n` });
    expect((await letterOf('with-card')).state).toMatchObject({ kind: 'dropped', by: 'bob', why: 'the bank sends it anew' });
  });

  it('refuses what is too large, names itself as the source, or is nested without end', async () => {
    const large = badPurchase('large', { note: 'x'.repeat(70_000) });
    const deep = `{"specversion":"1.0","id":"deep","data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const { items } = await post(`${JSON.stringify(large)}\n${JSON.stringify({ ...badPurchase('reserved', {}), source: 'smart-purchases' })}\n${deep}\n`, 'application/x-ndjson');
    expect(items).toMatchObject([{ id: 'large', reason: 'too-large', message: expect.stringContaining(String(JSON.stringify(large).length)) }, { id: 'reserved', reason: 'reserved-source' }, { id: 'deep', reason: 'malformed-envelope' }]);
    expect((await dlq('replay', (await letterOf('large')).id)).text).toContain('too large');
  });

  it('splits what would be too large for one message', async () => {
    const events = Array.from({ length: 60 }, (_, index) => badPurchase(`wide-${index}`, { currency: 'EURO', note: 'x'.repeat(60_000) }));
    await post(events);
    await letterOf('wide-59');
    expect((await listed()).letters.filter(({ event }) => event?.id.startsWith('wide-'))).toHaveLength(60);
  });

  it('counts by reason and filters', async () => {
    const { reasons, letters } = await listed('--reason', 'reserved-source');
    expect(reasons).toContainEqual({ reason: 'card-number', open: 0, replayed: 0, dropped: 1 });
    expect(letters.map(({ reason }) => reason)).toEqual(['reserved-source']);
    expect((await listed('--age', '1s', '--reason', 'card-number')).letters).toEqual([]);
    const { text } = await dlq('ls', '--limit', '1');
    expect(text).toMatch(/^reason +open +replayed +dropped\ninvalid-data/);
    expect(await dlq('ls', '--age', 'soon')).toMatchObject({ code: 1, text: expect.stringContaining('--age soon') });
  });

  it('does the same over monitor, with ClickHouse away', async () => {
    await post([badPurchase('by-page')]);
    const { id } = await letterOf('by-page');
    const get = async <T>(path: string): Promise<T> => (await fetch(`${monitor.url}/v1/dead-letters${path}`)).json() as Promise<T>;
    const send = (path: string, body: unknown, type = 'application/json'): Promise<Response> => fetch(`${monitor.url}/v1/dead-letters/${path}`, { method: 'POST', headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });
    expect(await eventually('the letter at monitor', async () => (await get<DeadLetterSummary[]>('?state=open&limit=1000')).find((letter) => letter.id === id))).toMatchObject({ reason: 'invalid-data' });
    expect(await get<DeadLetterDetail>(`/${id}`)).toMatchObject({ payload: expect.stringContaining('EURO'), attempts: 1 });
    expect(await get<DeadLetterReason[]>('/reasons')).toEqual((await listed()).reasons);
    expect((await send(`${id}/drop`, 'by=x&why=y', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await send(`${id}/drop`, { by: 'ann' })).status).toBe(400);
    expect((await send('dl-none/drop', { by: 'ann', why: 'x' })).status).toBe(404);
    const replay = await send(`${id}/replay`, { by: 'ann', corrections: [{ path: 'data.currency', value: 'EUR' }] });
    expect([replay.status, await replay.json()]).toEqual([200, { kind: 'accepted', isMarked: true }]);
    expect(await get<DeadLetterDetail>(`/${id}`)).toMatchObject({ state: { kind: 'replayed' } });
    expect((await send(`${id}/drop`, { by: 'ann', why: 'x' })).status).toBe(409);
  });

  it('shows what a later stage refused, which has one effect once its original has come, replayed or not', async () => {
    const store = await startService('feature-store', { env: { NATS_URL: nats.url, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, 'feature-store'), PARTITIONS: '2', LOG_LEVEL: 'fatal' } });
    try {
      const timeMs = Date.UTC(2026, 0, 6);
      const reversal = asEnvelope(anEvent('transaction.reversed', { id: 'r-1', timeMs: timeMs + 1, data: { transactionId: 'comes-later', amountMinor: 500 } }));
      expect(await post([reversal])).toMatchObject({ accepted: 1 });
      const letter = await letterOf('r-1');
      expect(letter).toMatchObject({ stage: 'feature-store', step: 'clients', origin: 'line', attempt: 1, reason: 'unknown-original', field: 'data.transactionId', position: expect.stringMatching(/^\d:\d+#\d+$/) });
      expect((await dlq('show', letter.id)).text).toMatch(/the line, step feature-store\/clients, attempt 1[^]*"transactionId": "comes-later"/);

      // Too early: it is refused again, as the second attempt.
      expect(await dlq('replay', letter.id)).toEqual({ code: 0, text: `${letter.id}: accepted\n` });
      const second = await letterOf(`replay:2:${letter.id}`);
      expect(second).toMatchObject({ attempt: 2, reason: 'unknown-original' });

      expect(await post([asEnvelope(anEvent('transaction.authorised', { id: 'late-original', timeMs, data: { transactionId: 'comes-later' } }))])).toMatchObject({ accepted: 1 });
      expect(await eventually('what was held', async () => ((await reversalsOf('comes-later')).length > 0 ? reversalsOf('comes-later') : undefined))).toEqual([500]);
      expect(await dlq('replay', second.id)).toEqual({ code: 0, text: `${second.id}: accepted\n` });
      expect(await dlq('replay', second.id)).toEqual({ code: 0, text: expect.stringContaining('already accepted') });
      expect(await post([asEnvelope(anEvent('transaction.authorised', { id: 'another', timeMs, data: { transactionId: 'another' } })), asEnvelope(anEvent('transaction.reversed', { id: 'r-2', timeMs: timeMs + 2, data: { transactionId: 'another', amountMinor: 100 } }))])).toMatchObject({ accepted: 2 });
      await eventually('what came behind it', async () => ((await reversalsOf('another')).length > 0 ? true : undefined));
      expect(await reversalsOf('comes-later')).toEqual([500]);
      expect(await (await fetch(`${store.url}/metrics`)).text()).toMatch(/stage_rejected_events_total\{stage="feature-store",step="clients",reason="unknown-original"\} 2/);
    } finally {
      await store.stop(5_000);
    }
  });

  it('counts what a full stream does not take, and answers all the same', async () => {
    const manager = await connection.jetstreamManager();
    const { config, state } = await manager.streams.info(deadLetters.stream);
    await manager.streams.update(deadLetters.stream, { ...config, max_bytes: state.bytes + 100 });
    const before = await metric('dead_letters_not_kept_total');
    expect(await post([badPurchase('into-a-full-stream'), badPurchase('good', { currency: 'EUR' })])).toMatchObject({ accepted: 1, items: [{ status: 'rejected' }, { status: 'accepted' }] });
    await connection.jetstream().publish(bankDoor.subject, JSON.stringify([badPurchase('full-by-nats'), badPurchase('good-by-nats', { currency: 'EUR' })]));
    await eventually('both to be counted', async () => ((await metric('dead_letters_not_kept_total')) === before + 2 ? true : undefined));
    await eventually('the good one', async () => ((await post([badPurchase('good-by-nats', { currency: 'EUR' })])).duplicates === 1 ? true : undefined));
    const [open] = (await listed('--reason', 'reserved-source')).letters;
    expect(await dlq('drop', open!.id, '--why', 'x')).toEqual({ code: 1, text: expect.stringContaining('still open') });
  });
});

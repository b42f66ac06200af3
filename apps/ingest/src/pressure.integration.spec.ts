import { stageLog } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { decodeFrame, encodeFrame } from '@sp/dataflow';
import { connectNats, NatsInputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { afterEach, expect, it } from 'vitest';
import { startOwnIngest, type OwnIngest } from './testing/own-ingest';

// Real: nats-server and the built ingest. A later stage is only what stands in its log; the log's outage is a server that is stopped and woken.
let ingest: OwnIngest;

afterEach(async () => {
  await ingest?.close();
}, 60_000);

interface Heard {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly duplicates?: number;
}

async function post(events: readonly unknown[]): Promise<Heard> {
  const response = await fetch(`${ingest.url}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) });
  const { duplicates } = (await response.json()) as { duplicates?: number };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ...(duplicates !== undefined && { duplicates }) };
}

/** Of the bank's events, in the order of the log. */
async function idsIn(connection: NatsConnection, stream: string): Promise<string[]> {
  const [reading, ids] = [new AbortController(), [] as string[]];
  for await (const { bytes, pending } of new NatsInputLog(connection, stream).read(1, reading.signal)) {
    for (const { id, type } of decodeFrame(bytes).events) if (type !== 'clock.ticked') ids.push(id);
    if (pending === 0) break;
  }
  reading.abort();
  return ids;
}

const many = (source: string, name: string, count: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, index) => ({ ...asEnvelope(anEvent('client.acted', { id: `${name}-${index}`, subject: `c-${name}-${index}`, timeMs: mondayMs + index })), source }));

it('closes by 503 while the last stage is behind, opens by itself when it has caught up, and has lost nothing', async () => {
  ingest = await startOwnIngest({ MAXIMUM_LAG_SECONDS: '1', PARTITIONS: '1' });
  const first = many('cards', 'first', 10);
  expect((await post(first)).status).toBe(202);
  await new Promise((resume) => setTimeout(resume, 1_500));
  expect((await post(many('cards', 'second', 10))).status).toBe(202);
  await expect.poll(() => post(many('cards', 'third', 1)), { timeout: 10_000 }).toEqual({ status: 503, retryAfter: '1' });

  const connection = await connectNats(ingest.natsUrl, 'recommender');
  await connection.jetstream().publish(stageLog('recommender', 0).subject, encodeFrame({ partition: 0, from: 1, to: 1, sequencedAtMs: Date.now(), events: [] }));
  await connection.close();
  await expect.poll(async () => (await post(many('cards', 'third', 1))).status, { timeout: 10_000 }).not.toBe(503);
  expect(await post(first)).toMatchObject({ status: 207, duplicates: 10 });
}, 60_000);

it('asks senders to come again while the log does not answer, and takes what they send again when it does', async () => {
  ingest = await startOwnIngest({ PARTITIONS: '1' });
  expect((await post(many('cards', 'before', 5))).status).toBe(202);
  process.kill(ingest.natsPid, 'SIGSTOP');
  try {
    const stuck = post(many('cards', 'stuck', 5));
    await new Promise((resume) => setTimeout(resume, 11_000));
    expect(await post(many('cards', 'more', 5))).toEqual({ status: 503, retryAfter: '1' });
    expect(await stuck).toEqual({ status: 503, retryAfter: '1' });
  } finally {
    process.kill(ingest.natsPid, 'SIGCONT');
  }
  await expect.poll(async () => (await post(many('cards', 'more', 5))).status, { timeout: 30_000, interval: 500 }).toBeLessThan(300);
  await expect.poll(async () => (await post(many('cards', 'stuck', 5))).duplicates, { timeout: 10_000 }).toBe(5);
}, 180_000);

it('asks senders to come again while the log is full, has lost nothing that it acknowledged, and goes on by itself when there is room', async () => {
  ingest = await startOwnIngest({ PARTITIONS: '1' });
  const connection = await connectNats(ingest.natsUrl, 'operator');
  const { streams } = await connection.jetstreamManager();
  const { stream } = stageLog('ingest', 0);
  const room = async (bytes: number): Promise<unknown> => streams.update(stream, { max_bytes: bytes });
  await room(150_000);
  const taken: string[] = [];
  const send = async (turn: number): Promise<Heard> => {
    const events = many('cards', `turn-${turn}`, 200);
    const heard = await post(events);
    if (heard.status < 300) taken.push(...events.map(({ id }) => String(id)));
    return heard;
  };
  let [turn, heard] = [0, await send(0)];
  while (heard.status < 300 && turn < 50) heard = await send(++turn);
  expect(heard).toEqual({ status: 503, retryAfter: '1' });
  // Nothing comes through, so the next one is not even let in.
  expect(await send(turn + 1)).toEqual({ status: 503, retryAfter: '1' });
  expect(taken.length).toBeGreaterThan(200);

  await room(100_000_000);
  await expect.poll(async () => (await send(turn)).status, { timeout: 30_000, interval: 500 }).toBeLessThan(300);
  const logged = await idsIn(connection, stream);
  expect(new Set(logged).size).toBe(logged.length);
  expect(taken.filter((id) => !logged.includes(id))).toEqual([]);
  await connection.close();
}, 120_000);

it('goes on answering a small source while another floods', async () => {
  ingest = await startOwnIngest({ PARTITIONS: '1' });
  let isFlooding = true;
  const answers: number[] = [];
  const flooding = Array.from({ length: 14 }, async (_, sender) => {
    for (let turn = 0; isFlooding && turn < 20; turn++) answers.push((await post(many('flood', `f-${sender}-${turn}`, 1_000))).status);
  });
  await new Promise((resume) => setTimeout(resume, 300));
  const small: number[] = [];
  const floodBefore = answers.length;
  for (let index = 0; index < 5; index++) small.push((await post(many('small', `s-${index}`, 1))).status);
  const floodMeanwhile = answers.length - floodBefore;
  isFlooding = false;
  await Promise.all(flooding);
  expect(small).toEqual(Array.from({ length: 5 }, () => 202));
  expect(answers.length).toBeGreaterThanOrEqual(14);
  // Fair is: each of its requests waited for about one turn, not for all fourteen of the other's.
  expect(floodMeanwhile).toBeLessThan(5 * 14);
  expect(answers.filter((status) => status !== 202 && status !== 429 && status !== 503)).toEqual([]);
}, 180_000);

/** Real: the built monitor with nats-server and the embedded ClickHouse, over HTTP. The other services are away, as they may be. */
import type { Experiments, Overview } from '@sp/contracts';
import { startLine, type Line } from '@sp/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'monitor-'));
let line: Line;
let url = '';

beforeAll(async () => {
  line = await startLine({ folder, clock: 'events', sync: 'default', services: ['monitor'], env: { STREAM_READERS: '2' } });
  url = line.urls.monitor;
});
afterAll(async () => {
  await line?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface StreamEvent {
  readonly event: string;
  readonly id?: string;
  readonly data: unknown;
}

/** Reads a stream until so many events of a kind have come. */
async function readStream(kind: string, count: number): Promise<StreamEvent[]> {
  const control = new AbortController();
  const response = await fetch(`${url}/v1/stream`, { signal: control.signal });
  const decoder = new TextDecoder();
  const found: StreamEvent[] = [];
  let text = '';
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    const messages = `${text}${decoder.decode(bytes, { stream: true })}`.split('\n\n');
    text = messages.pop() ?? '';
    found.push(...messages.map(parseMessage).filter(({ event }) => event === kind));
    if (found.length >= count) break;
  }
  control.abort();
  return found;
}

function parseMessage(message: string): StreamEvent {
  const fields = Object.fromEntries(message.split('\n').map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 2)]));
  return { event: fields['event'] ?? '', ...(fields['id'] !== undefined && { id: fields['id'] }), data: JSON.parse(fields['data'] ?? 'null') };
}

const get = (path: string) => fetch(`${url}${path}`);

test('the overview answers for a line that is away, and says so', async () => {
  const overview = (await (await get('/v1/overview')).json()) as Overview;
  expect(overview.freshness.state).toBe('current');
  expect(overview.stages.map(({ reachable }) => reachable)).toEqual([false, false, false, false, false]);
  expect(overview).not.toHaveProperty('newestEventMs');
});

test('an empty folder has no experiments, decisions or dead letters', async () => {
  expect(((await (await get('/v1/experiments')).json()) as Experiments).experiments).toEqual([]);
  for (const path of ['/v1/decisions', '/v1/dead-letters', '/v1/campaigns', '/v1/models']) expect(await (await get(path)).json()).toEqual([]);
});

test.each([
  ['/v1/decisions/none', 404],
  ['/v1/decisions?limit=0', 400],
  ['/v1/decisions?limit=many', 400],
  ['/v1/experiments/none', 404],
  ['/v1/nothing', 404],
  ['/assets/gone.js', 404],
  ['/..%2f..%2fpackage.json', 200],
])('%s is %i', async (path, status) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(await response.text()).not.toContain('"smart-purchases"');
});

test('the page is never cached, what has a hash in its name for ever', async () => {
  const page = await get('/');
  expect(page.headers.get('cache-control')).toBe('public, max-age=0');
  const asset = /assets\/[\w.-]+\.js/.exec(await page.text())?.[0] ?? '';
  expect((await get(`/${asset}`)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test('the stream speaks every second, with the experiments among it', async () => {
  const [first, second] = (await readStream('overview', 2)).map(({ data }) => data as Overview);
  expect(second?.atMs).toBeGreaterThan(first?.atMs ?? Infinity);
  expect(await readStream('experiments', 1)).toHaveLength(1);
});

test('more readers than are allowed are sent away with a time to come back', async () => {
  const control = new AbortController();
  const held = await Promise.all([1, 2].map(() => fetch(`${url}/v1/stream`, { signal: control.signal })));
  const refused = await get('/v1/stream');
  expect(held.map(({ status }) => status)).toEqual([200, 200]);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
  control.abort();
  await expect.poll(async () => (await readStream('overview', 1)).length).toBe(1);
});

describe('with ClickHouse away', () => {
  beforeAll(() => line.processes.get('clickhouse')?.stop());

  test('questions are answered 503 with a sentence', async () => {
    const response = await get('/v1/decisions');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('ClickHouse does not answer') });
  });

  test('the stream goes on, its figures delayed with their age', async () => {
    await expect.poll(async () => ((await readStream('overview', 2)).at(-1)?.data as Overview).freshness, { timeout: 20_000 }).toMatchObject({
      state: 'delayed', asOfMs: expect.any(Number), sentence: expect.stringContaining('figures are delayed, decisions are not'),
    });
  });

  test('figures are current again when it is back', async () => {
    await line.processes.get('clickhouse')?.restart();
    await expect.poll(async () => ((await (await get('/v1/overview')).json()) as Overview).freshness.state, { timeout: 20_000, interval: 500 }).toBe('current');
  });
});

/** What happens when a process dies, a body is too large or too many ask at once. Real: the built service and chDB. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningService } from './embedded-clickhouse.process';
import { startService } from './embedded-clickhouse.process';

let folder: string;
let service: RunningService;
let client: ClickHouseClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-clickhouse-'));
});
afterEach(async () => {
  await client.close();
  await service.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<void> {
  service = await startService(folder, env);
  client = createClient({ url: service.url, log: { level: ClickHouseLogLevel.OFF } });
}

const createTable = () =>
  client.command({ query: 'CREATE TABLE kept (block UInt32, n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 1000' });

const insertBlock = (block: number) =>
  client.insert({
    table: 'kept',
    values: Array.from({ length: 500 }, (_, n) => ({ block, n })),
    format: 'JSONEachRow',
    clickhouse_settings: { insert_deduplication_token: `kept:0:${block}` },
  });

/** Inserts until the service dies; the numbers of the blocks that were acknowledged. */
async function insertUntilItDies(): Promise<number[]> {
  const acknowledged: number[] = [];
  for (let block = 0; ; block++) {
    try {
      await insertBlock(block);
    } catch {
      return acknowledged;
    }
    acknowledged.push(block);
  }
}

async function storedBlocks(): Promise<Map<number, number>> {
  const result = await client.query({ query: 'SELECT block, count() AS n FROM kept GROUP BY block', format: 'JSONEachRow' });
  return new Map((await result.json<{ block: number; n: number }>()).map((row) => [row.block, row.n]));
}

function enginePid(): number {
  return Number(readFileSync(`/proc/${service.child.pid}/task/${service.child.pid}/children`, 'utf8').trim().split(' ')[0]);
}

async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

test('kill -9 and a restart keep every acknowledged block whole, and a retry of the last one counts once', async () => {
  await start();
  await createTable();
  const inserting = insertUntilItDies();
  await sleep(700);
  await service.end('SIGKILL');
  const acknowledged = await inserting;
  await start();
  await insertBlock(acknowledged.length);
  const stored = await storedBlocks();
  expect(acknowledged.length).toBeGreaterThan(3);
  for (const block of [...acknowledged, acknowledged.length]) expect(stored.get(block)).toBe(500);
});

test('an engine that dies is started again while the door stays open', async () => {
  await start();
  await createTable();
  await insertBlock(1);
  const interrupted = client.query({ query: 'SELECT sum(number) FROM numbers(100000000000)', format: 'CSV' });
  const refused = expect(interrupted).rejects.toMatchObject({ code: '210' });
  await sleep(300);
  process.kill(enginePid(), 'SIGKILL');
  await refused;
  await untilTrue(async () => (await client.ping()).success);
  expect((await storedBlocks()).get(1)).toBe(500);
});

test('a body over the bound is answered with 413, said beforehand or not', async () => {
  await start({ EMBEDDED_CLICKHOUSE_BODY_BYTES: '100000' });
  await createTable();
  const url = `${service.url}/?query=${encodeURIComponent('INSERT INTO kept FORMAT JSONEachRow')}`;
  const large = '{"block":1,"n":1}\n'.repeat(10_000);
  const streamed = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(large));
      controller.close();
    },
  });
  expect((await fetch(url, { method: 'POST', body: large })).status).toBe(413);
  expect((await fetch(url, { method: 'POST', body: streamed, duplex: 'half' } as RequestInit)).status).toBe(413);
  expect((await storedBlocks()).size).toBe(0);
});

test('who comes when the line is full is asked to come again', async () => {
  await start({ EMBEDDED_CLICKHOUSE_SESSIONS: '1', EMBEDDED_CLICKHOUSE_WAITING_REQUESTS: '1' });
  const ask = () => fetch(service.url, { method: 'POST', body: 'SELECT sleep(1)' });
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 503]);
  expect(answers.find((answer) => answer.status === 503)?.headers.get('retry-after')).toBe('1');
});

test('SIGTERM lets a running query end and exits with 0', async () => {
  await start();
  const running = client.query({ query: 'SELECT sleep(1) AS slept', format: 'JSONEachRow' }).then((result) => result.json());
  await sleep(300);
  const code = await service.end('SIGTERM');
  expect(await running).toEqual([{ slept: 0 }]);
  expect(code).toBe(0);
});

test('it ends when the process that it watches is gone', async () => {
  const parent = spawn('sleep', ['1000']);
  await start({ SP_PARENT_PID: String(parent.pid) });
  const engine = enginePid();
  const gone = new Promise((resolve) => service.child.once('exit', resolve));
  parent.kill('SIGKILL');
  expect(await gone).toBe(0);
  expect(execFileSync('sh', ['-c', `kill -0 ${engine} 2>/dev/null && echo alive || echo gone`]).toString().trim()).toBe('gone');
});

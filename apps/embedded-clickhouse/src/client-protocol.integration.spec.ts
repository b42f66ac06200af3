/** Real: the built service, chDB and the unmodified client. Nothing is faked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningService } from './embedded-clickhouse.process';
import { startService } from './embedded-clickhouse.process';

const folder = mkdtempSync(join(tmpdir(), 'embedded-clickhouse-'));
let service: RunningService;
let client: ClickHouseClient;
let tables = 0;

beforeAll(async () => {
  service = await startService(folder);
  client = createClient({ url: service.url, log: { level: ClickHouseLogLevel.OFF } });
});
afterAll(async () => {
  await client.close();
  await service.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

async function aTable(columns: string, settings = ''): Promise<string> {
  const name = `t${tables++}`;
  await client.command({ query: `CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY tuple() ${settings}` });
  return name;
}

async function select<T>(query: string, parameters?: Record<string, unknown>): Promise<T[]> {
  const result = await client.query({ query, format: 'JSONEachRow', ...(parameters ? { query_params: parameters } : {}) });
  return result.json<T>();
}

const countOf = async (table: string) => (await select<{ n: number }>(`SELECT count() AS n FROM ${table}`))[0]?.n;

test('it answers a ping, and a ping by select', async () => {
  expect(await client.ping()).toEqual({ success: true });
  expect(await client.ping({ select: true })).toEqual({ success: true });
});

test.each(['JSONEachRow', 'JSONCompactEachRow', 'JSON', 'CSV', 'CSVWithNames', 'TabSeparated', 'TabSeparatedWithNames'] as const)(
  'a result of several blocks is whole in %s',
  async (format) => {
    const result = await client.query({ query: `SELECT number FROM numbers(200000)`, format });
    expect(result.response_headers['x-clickhouse-format']).toBe(format);
    const text = await result.text();
    if (format === 'JSON') expect((JSON.parse(text) as { rows: number }).rows).toBe(200_000);
    else expect(text.trim().split('\n')).toHaveLength(format.endsWith('WithNames') ? 200_001 : 200_000);
  },
);

test('rows are streamed in order, compressed or not', async () => {
  const compressed = createClient({ url: service.url, compression: { response: true, request: true } });
  for (const reader of [client, compressed]) {
    let next = 0;
    const result = await reader.query({ query: 'SELECT number AS n FROM numbers(300000) ORDER BY number', format: 'JSONEachRow' });
    for await (const rows of result.stream<{ n: number }>()) for (const row of rows) if (row.json().n === next) next++;
    expect(next).toBe(300_000);
  }
  expect(service.output()).not.toContain('Warning');
  await compressed.close();
});

test('a reader that leaves early does not keep a session', async () => {
  for (let i = 0; i < 8; i++) {
    const result = await client.query({ query: 'SELECT number FROM numbers(100000000)', format: 'CSV' });
    result.close();
  }
  expect(await select('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('arrays and streams are inserted, gzipped too, and the summary counts the rows', async () => {
  const table = await aTable('a UInt32, b String');
  const gzipped = createClient({ url: service.url, compression: { request: true } });
  const { summary } = await client.insert({ table, values: [{ a: 1, b: "it's\n\\x" }, { a: 2, b: 'ü' }], format: 'JSONEachRow' });
  await gzipped.insert({ table, values: [[3, 'c']], format: 'JSONCompactEachRow' });
  await gzipped.insert({ table, values: Readable.from([{ a: 4, b: 'd' }, { a: 5, b: 'e' }]), format: 'JSONEachRow' });
  await client.insert({ table, values: Readable.from(['6\tf\n', '7\tg\n'], { objectMode: false }), format: 'TabSeparated' });
  await gzipped.close();
  expect(summary?.written_rows).toBe('2');
  const rows = await select<{ a: number; b: string }>(`SELECT * FROM ${table} ORDER BY a`);
  expect(rows.map((row) => row.a)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(rows[0]?.b).toBe("it's\n\\x");
});

test('RowBinary arrives byte for byte', async () => {
  const table = await aTable('a UInt32, b String');
  const bytes = Buffer.alloc(256 * 6);
  for (let i = 0; i < 256; i++) {
    bytes.writeUInt32LE(i, i * 6);
    bytes[i * 6 + 4] = 1;
    bytes[i * 6 + 5] = i;
  }
  const url = `${service.url}/?query=${encodeURIComponent(`INSERT INTO ${table} FORMAT RowBinary`)}`;
  const response = await fetch(url, { method: 'POST', body: bytes });
  expect(response.status).toBe(200);
  expect(await select(`SELECT count() AS n, countIf(reinterpretAsUInt8(b) = a) AS same FROM ${table}`)).toEqual([{ n: 256, same: 256 }]);
});

test('a subset of the columns leaves the others at their defaults', async () => {
  const table = await aTable("a UInt32, b String DEFAULT 'none'");
  await client.insert({ table, values: [{ a: 1 }], format: 'JSONEachRow', columns: ['a'] });
  await client.insert({ table, values: [[2]], format: 'JSONCompactEachRow', columns: { except: ['b'] } });
  expect(await select(`SELECT * FROM ${table} ORDER BY a`)).toEqual([{ a: 1, b: 'none' }, { a: 2, b: 'none' }]);
});

test('CSV with an empty line and SQL behind it is data, never a statement', async () => {
  const table = await aTable('a String');
  await client.insert({ table, values: Readable.from([`x\n\nDROP TABLE ${table}\n`], { objectMode: false }), format: 'CSV' });
  await client.command({ query: `INSERT INTO ${table} FORMAT CSV\ny\n\nDROP TABLE ${table}\n` });
  expect((await select<{ a: string }>(`SELECT a FROM ${table}`)).map((row) => row.a).sort()).toEqual(['', '', `DROP TABLE ${table}`, `DROP TABLE ${table}`, 'x', 'y']);
  await expect(client.command({ query: `SELECT 1; DROP TABLE ${table}` })).rejects.toMatchObject({ code: '62' });
});

test('parameters arrive with their types', async () => {
  const text = "a\tb\n'c'\\d`{x:UInt8}";
  const [row] = await select<Record<string, unknown>>(
    'SELECT {s:String} AS s, {n:Int64} AS n, {b:Bool} AS b, {a:Array(String)} AS a, {m:Map(String, UInt8)} AS m, {z:Nullable(String)} AS z, {t:DateTime64(3)} AS t, \'{s:String}\' AS literal',
    { s: text, n: -5, b: true, a: [text, 'x'], m: { k: 1 }, z: null, t: new Date(Date.UTC(2024, 1, 3, 4, 5, 6, 789)) },
  );
  expect(row).toEqual({ s: text, n: -5, b: true, a: [text, 'x'], m: { k: 1 }, z: null, t: '2024-02-03 04:05:06.789', literal: '{s:String}' });
  await expect(select('SELECT {m:Map(String, String)}', { m: new Map([['a', "'), (SELECT 1"]]) })).resolves.toEqual([expect.anything()]);
  const forged = `${service.url}/?param_m=${encodeURIComponent("{'a':1}, 'Map(String, UInt8)'), (SELECT 2")}`;
  expect((await fetch(forged, { method: 'POST', body: 'SELECT {m:Map(String, UInt8)}' })).status).toBe(400);
  await expect(select('SELECT {missing:String}')).rejects.toMatchObject({ code: '456' });
});

test('parameterised queries side by side read their own values', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => select<{ i: number }>('SELECT {i:UInt32} AS i, sleep(0.01) AS s', { i })));
  expect(answers.map(([row]) => row?.i)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test('a setting holds for its own request only', async () => {
  const threads = async (settings: Record<string, string | number>): Promise<unknown> => {
    const result = await client.query({ query: "SELECT getSetting('max_threads') AS v, getSetting('async_insert') AS asynchronous", format: 'JSONEachRow', clickhouse_settings: settings });
    return (await result.json())[0];
  };
  expect(await threads({ max_threads: 3 })).toEqual({ v: 3, asynchronous: false });
  for (let i = 0; i < 8; i++) expect(await threads({})).not.toMatchObject({ v: 3 });
  expect(await threads({ async_insert: 1 })).toMatchObject({ asynchronous: true });
  await expect(threads({ no_such_setting: 1 })).rejects.toMatchObject({ code: '115' });
});

test('a retried block with its token counts once, in the table and in a view behind it', async () => {
  const table = await aTable('a UInt32', 'SETTINGS non_replicated_deduplication_window = 100');
  const target = await aTable('n UInt64', 'SETTINGS non_replicated_deduplication_window = 100');
  await client.command({ query: `CREATE MATERIALIZED VIEW view_of_${table} TO ${target} AS SELECT count() AS n FROM ${table}` });
  const insert = (values: { a: number }[], token: string) =>
    client.insert({ table, values, format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: token } });
  await insert([{ a: 1 }, { a: 2 }], 'sink:0:1');
  await insert([{ a: 1 }, { a: 2 }], 'sink:0:1');
  await insert([{ a: 1 }, { a: 2 }], 'sink:0:2');
  expect(await countOf(table)).toBe(4);
  expect(await select(`SELECT sum(n) AS n FROM ${target}`)).toEqual([{ n: 4 }]);
});

test('a view that a crash left without a block gets it from the retry', async () => {
  const table = await aTable('a UInt32', 'SETTINGS non_replicated_deduplication_window = 100');
  const target = await aTable('n UInt64', 'SETTINGS non_replicated_deduplication_window = 100');
  const insert = () => client.insert({ table, values: [{ a: 1 }, { a: 2 }], format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: 't' } });
  await insert();
  await client.command({ query: `CREATE MATERIALIZED VIEW view_of_${table} TO ${target} AS SELECT count() AS n FROM ${table}` });
  for (let i = 0; i < 2; i++) await insert();
  expect(await countOf(table)).toBe(2);
  expect(await select(`SELECT sum(n) AS n FROM ${target}`)).toEqual([{ n: 2 }]);
});

test('an insert without a token after one with a token is not dropped', async () => {
  const table = await aTable('a UInt32', 'SETTINGS non_replicated_deduplication_window = 100');
  await client.insert({ table, values: [{ a: 1 }], format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: 'same' } });
  for (let i = 0; i < 8; i++) await client.insert({ table, values: [{ a: 2 + i }], format: 'JSONEachRow' });
  expect(await countOf(table)).toBe(9);
});

test('errors carry their code and their HTTP status', async () => {
  await expect(select('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
  await expect(select('SELEC 1')).rejects.toMatchObject({ code: '62', type: 'SYNTAX_ERROR' });
  await expect(client.insert({ table: 'nowhere', values: [{ a: 1 }], format: 'JSONEachRow' })).rejects.toMatchObject({ code: '60' });
  const response = await fetch(service.url, { method: 'POST', body: 'SELECT * FROM nowhere' });
  expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([404, '60']);
});

test('a GET only reads', async () => {
  const table = await aTable('a UInt8');
  expect((await fetch(`${service.url}/?query=DROP+TABLE+${table}`)).headers.get('x-clickhouse-exception-code')).toBe('164');
  expect(await (await fetch(`${service.url}/?query=SELECT+count()+FROM+${table}`)).text()).toBe('0\n');
});

test('an error in the middle of a stream reaches the reader', async () => {
  const result = await client.query({ query: 'SELECT throwIf(number = 900000) FROM numbers(1000000)', format: 'JSONEachRow' });
  await expect(result.json()).rejects.toMatchObject({ code: '395' });
});

test('a web page is refused, whatever it asks', async () => {
  expect((await fetch(service.url, { method: 'POST', body: 'SELECT 1', headers: { origin: 'http://localhost:3005' } })).status).toBe(403);
});
